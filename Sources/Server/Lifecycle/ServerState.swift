internal import Synchronization

/// Whether the server can answer: not before its models are loaded, and not once it is told to stop.
final class ServerState: Sendable {
  private enum Phase {
    case loading
    case ready(ServedModels)
    case draining
  }

  private let phase = Mutex(Phase.loading)

  /// What requests are answered with.
  ///
  /// - Throws: ``ServerError`` while the server is not ready.
  func models() throws -> ServedModels {
    try phase.withLock { phase in
      switch phase {
      case .loading: throw ServerError.loading
      case .ready(let models): models
      case .draining: throw ServerError.draining
      }
    }
  }

  func becomeReady(with models: ServedModels) {
    phase.withLock { phase in
      // A server that was told to stop while it was loading stays stopped.
      if case .loading = phase { phase = .ready(models) }
    }
  }

  func drain() { phase.withLock { $0 = .draining } }
}
