internal import Dispatch
internal import Foundation
internal import Synchronization

/// A request to stop, asked for once and looked at between steps.
///
/// Long operations call ``check()`` at points where everything written so far is whole.
public final class Cancellation: Sendable {
  private let requested = Atomic<Bool>(false)

  public init() {}

  public var isRequested: Bool { requested.load(ordering: .relaxed) }

  public func request() { requested.store(true, ordering: .relaxed) }

  /// Throws ``OperationError/interrupted`` once a stop was requested.
  public func check() throws {
    if isRequested { throw OperationError.interrupted }
  }
}

/// Turns SIGINT and SIGTERM into a ``Cancellation``; a second signal ends the process at once.
///
/// Keep the value alive as long as the signals are to be caught.
public final class SignalTrap {
  private let sources: [any DispatchSourceSignal]

  public init(_ cancellation: Cancellation, signals: [Int32]? = nil) {
    let queue = DispatchQueue(label: "mixer.signals")
    let registrations = DispatchSemaphore(value: 0)
    sources = (signals ?? [SIGINT, SIGTERM]).map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      source.setEventHandler {
        if cancellation.isRequested { _exit(130) }
        cancellation.request()
      }
      source.setRegistrationHandler { registrations.signal() }
      source.resume()
      return source
    }
    // Sources are registered on a thread of Dispatch's. A signal that came before would be lost, as it is ignored now.
    for _ in sources { registrations.wait() }
  }
}
