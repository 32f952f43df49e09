import CCurl
import Dispatch
import Foundation
import Operations
import Synchronization

/// Posts over libcurl, each request on a thread of its own, and gives up the waiting at once when the task is
/// cancelled.
///
/// Not URLSession: on Linux (Swift 6.3) it keeps a core busy while it waits for an answer, which a model on the same
/// machine needs, and cancelling its tasks can hang.
final class HTTPPoster: Sendable {
  struct Response: Sendable {
    var status: Int
    var retryAfter: String?
    var body: Data
  }

  enum Failure: Error, Equatable {
    /// Trying again may help.
    case transient(String)
    /// Trying again will not help: the server's certificate is refused.
    case permanent(String)
  }

  private static let bodyLimit = 4 << 20
  private let idle = Mutex<[Connection]>([])

  /// - Throws: ``Failure``, or `CancellationError` when the task was cancelled.
  func post(_ body: Data, to url: URL, headers: [String], timeout: Duration) async throws -> Response {
    let end = RequestEnd()
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        end.wait(continuation)
        let connection = idle.withLock { $0.popLast() } ?? Connection()
        connection.queue.async { [self] in
          let result = connection.post(body, to: url, headers: headers, timeout: timeout, limit: Self.bodyLimit, end)
          idle.withLock { $0.append(connection) }
          end.finish(result)
        }
      }
    } onCancel: {
      end.finish(.failure(CancellationError()))
    }
  }
}

/// One kept-open connection with its thread.
private final class Connection: Sendable {
  let queue = DispatchQueue(label: "mixer.http")
  // Used on the queue only, which runs one request at a time.
  private nonisolated(unsafe) let handle = http_connection_new()

  deinit { http_connection_free(handle) }

  func post(
    _ body: Data, to url: URL, headers: [String], timeout: Duration, limit: Int, _ end: RequestEnd
  ) -> Result<HTTPPoster.Response, any Error> {
    guard let handle else { return .failure(HTTPPoster.Failure.permanent("out of memory")) }
    let lines = headers.map { strdup($0) }
    defer { lines.forEach { free($0) } }
    var response = http_response()
    defer { http_response_free(&response) }
    withExtendedLifetime(end) {
      body.withUnsafeBytes { bytes in
        http_post(
          handle, url.absoluteString, lines.map { UnsafePointer($0) }, lines.count, bytes.baseAddress, bytes.count,
          max(1, Int(timeout.milliseconds)), limit,
          { context in
            context.map { Unmanaged<RequestEnd>.fromOpaque($0).takeUnretainedValue().isFinished } ?? false
          }, Unmanaged.passUnretained(end).toOpaque(), &response)
      }
    }
    if response.outcome == HTTP_ANSWERED {
      let retryAfter = Self.text(&response.retry_after)
      return .success(
        HTTPPoster.Response(
          status: response.status, retryAfter: retryAfter.isEmpty ? nil : retryAfter,
          body: response.body.map { Data(bytes: $0, count: response.body_size) } ?? Data()))
    }
    return .failure(Self.failure(response.outcome, Self.text(&response.message), timeout))
  }

  private static func failure(_ outcome: http_outcome, _ message: String, _ timeout: Duration) -> HTTPPoster.Failure {
    switch outcome {
    case HTTP_TIMED_OUT: .transient("no answer within \(timeout.seconds) s")
    case HTTP_CUT: .transient("the connection was cut")
    case HTTP_TOO_LARGE: .transient("an oversized answer")
    case HTTP_UNTRUSTED: .permanent(message)
    default: .transient(message)
    }
  }

  /// The text of a C array of characters.
  private static func text<Characters>(_ characters: inout Characters) -> String {
    withUnsafeBytes(of: &characters) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }
}

/// Ends a request exactly once: with what came, or with a cancellation, whichever is first.
private final class RequestEnd: Sendable {
  typealias Ending = Result<HTTPPoster.Response, any Error>

  private struct State {
    var continuation: CheckedContinuation<HTTPPoster.Response, any Error>?
    var early: Ending?
    var isFinished = false
  }

  private let state = Mutex(State())

  var isFinished: Bool { state.withLock(\.isFinished) }

  func wait(_ continuation: CheckedContinuation<HTTPPoster.Response, any Error>) {
    let early = state.withLock { state in
      if state.early == nil { state.continuation = continuation }
      return state.early
    }
    if let early { continuation.resume(with: early) }
  }

  func finish(_ ending: Ending) {
    let continuation = state.withLock { state in
      defer { state.continuation = nil }
      if !state.isFinished, state.continuation == nil { state.early = ending }
      state.isFinished = true
      return state.continuation
    }
    continuation?.resume(with: ending)
  }
}
