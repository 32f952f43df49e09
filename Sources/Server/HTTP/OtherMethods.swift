internal import HTTPTypes
internal import Hummingbird
internal import Operations

extension Router {
  /// Answers 405 with `Allow` where a path exists but not with that method. Called after all routes are there.
  func refuseOtherMethods() {
    let allowed = Dictionary(grouping: routes, by: { $0.path.description }).mapValues { routes in
      (path: routes[0].path, methods: routes.map(\.method))
    }
    let known: [HTTPRequest.Method] = [.get, .head, .post, .put, .patch, .delete, .options]
    for (path, methods) in allowed.values {
      // HEAD comes with GET.
      let names = Set(methods.map(\.rawValue) + (methods.contains(.get) ? ["HEAD"] : [])).sorted()
      for method in known where !names.contains(method.rawValue) {
        on(path, method: method) { _, _ -> Response in
          throw ServerError(
            .badInput, "the route does not have this method", expected: names.joined(separator: ", "),
            kind: .wrongMethod(allowed: names))
        }
      }
    }
  }
}
