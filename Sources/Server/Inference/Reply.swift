internal import Synchronization

/// A value that arrives once, from another thread; whoever comes second is ignored.
final class Reply<Value: Sendable>: Sendable {
  private enum State {
    case open
    case awaited(CheckedContinuation<Value, any Error>)
    case resolved(Result<Value, any Error>)
    case taken
  }

  private let state = Mutex(State.open)

  /// Waits for the value. Called once.
  func value() async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      let result: Result<Value, any Error>? = state.withLock { state in
        if case .resolved(let result) = state {
          state = .taken
          return result
        }
        state = .awaited(continuation)
        return nil
      }
      if let result { continuation.resume(with: result) }
    }
  }

  /// - Returns: whether this was the first.
  @discardableResult func resolve(_ result: Result<Value, any Error>) -> Bool {
    let (isFirst, continuation): (Bool, CheckedContinuation<Value, any Error>?) = state.withLock { state in
      switch state {
      case .open:
        state = .resolved(result)
        return (true, nil)
      case .awaited(let continuation):
        state = .taken
        return (true, continuation)
      case .resolved, .taken: return (false, nil)
      }
    }
    continuation?.resume(with: result)
    return isFirst
  }
}
