internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import Operations

/// Gives each request an id, logs how it went, and turns whatever was thrown into an answer.
///
/// One line a request: id, method, path, status, milliseconds. Never a query or a text: those are people's own.
struct RequestLog: RouterMiddleware {
  typealias Context = ServerContext

  static let requestID = HTTPField.Name("X-Request-ID")

  func handle(
    _ request: Request, context: ServerContext, next: (Request, ServerContext) async throws -> Response
  ) async throws -> Response {
    let start = ContinuousClock.now
    // Hummingbird's, which is part of every log line of the request, unless the log keeps no such parts.
    let id =
      context.logger[metadataKey: "hb.request.id"]?.description ?? String(UInt64.random(in: .min ... .max), radix: 16)
    var response: Response
    var failure: (any Error)?
    do {
      response = try await next(request, context)
    } catch {
      response = HTTPFailure(error).response
      failure = error
    }
    if let name = Self.requestID { response.headers[name] = id }
    var metadata: Logger.Metadata = [
      "method": "\(request.method.rawValue)", "path": "\(request.uri.path.excerpt(200))",
      "status": "\(response.status.code)",
      "ms": .stringConvertible(((ContinuousClock.now - start) / .microseconds(1)).rounded() / 1000),
    ]
    if let failure, response.status.code >= 500 {
      // The whole story, with the files that a client must not see.
      metadata["error"] = "\("\(failure)".singleLine)"
      context.logger.error("request failed", metadata: metadata)
    } else {
      context.logger.info("request", metadata: metadata)
    }
    return response
  }
}
