#if !canImport(CCurl)
  import Foundation
  import Operations
  import Synchronization

  #if canImport(FoundationNetworking)
    import FoundationNetworking
  #endif

  /// The stand-in for ``HTTPPoster`` where the package is built without libcurl: URLSession, which on Linux keeps a
  /// core busy while it waits.
  final class HTTPPoster: Sendable {
    struct Response: Sendable {
      var status: Int
      var retryAfter: String?
      var body: Data
    }

    enum Failure: Error, Equatable {
      case transient(String)
      case permanent(String)
    }

    private let session: URLSession

    init() {
      let configuration = URLSessionConfiguration.ephemeral
      configuration.httpMaximumConnectionsPerHost = 256
      session = URLSession(configuration: configuration)
    }

    func post(_ body: Data, to url: URL, headers: [String], timeout: Duration) async throws -> Response {
      var request = URLRequest(url: url, timeoutInterval: timeout.seconds + 60)
      request.httpMethod = "POST"
      request.httpBody = body
      for header in headers {
        let parts = header.split(separator: ":", maxSplits: 1)
        if parts.count == 2 { request.setValue(String(parts[1]).trimmed, forHTTPHeaderField: String(parts[0])) }
      }
      let end = Mutex<CheckedContinuation<Response, any Error>?>(nil)
      let finish: @Sendable (Result<Response, any Error>) -> Void = { result in
        end.withLock { continuation in
          defer { continuation = nil }
          return continuation
        }?.resume(with: result)
      }
      return try await withTaskCancellationHandler {
        try await withCheckedThrowingContinuation { continuation in
          end.withLock { $0 = continuation }
          if Task.isCancelled { return finish(.failure(CancellationError())) }
          session.dataTask(with: request) { data, response, error in
            guard let data, let http = response as? HTTPURLResponse else {
              return finish(.failure(Failure.transient((error as? URLError)?.localizedDescription ?? "no answer")))
            }
            finish(
              .success(
                Response(
                  status: http.statusCode, retryAfter: http.value(forHTTPHeaderField: "Retry-After"), body: data)))
          }.resume()
          DispatchQueue.global().asyncAfter(deadline: .now() + timeout.seconds) {
            finish(.failure(Failure.transient("no answer within \(timeout.seconds) s")))
          }
        }
      } onCancel: {
        finish(.failure(CancellationError()))
      }
    }
  }
#endif
