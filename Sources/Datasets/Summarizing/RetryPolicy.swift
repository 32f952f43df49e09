import Operations

/// How long to wait before a failed request is sent again: exponential with full jitter (Brooker 2015, "Exponential
/// backoff and jitter"), and never less than the server asks for.
public struct RetryPolicy: Sendable {
  /// Times that one request is sent at most.
  public var attempts = 8
  public var base = Duration.milliseconds(500)
  public var longest = Duration.seconds(60)

  public init() {}

  /// - Parameter attempt: how often the request failed, from 1.
  func delay(afterFailure attempt: Int, retryAfter: Duration?, _ generator: inout SeededGenerator) -> Duration {
    let ceiling = min(longest.seconds, base.seconds * Double(1 << min(attempt - 1, 20)))
    let jitter = Duration.seconds(ceiling * generator.unitInterval())
    return if let retryAfter { retryAfter + min(jitter, .seconds(1)) } else { jitter }
  }
}
