internal import Foundation
internal import Synchronization

/// Threads for work that blocks or computes, away from those that asynchronous code runs on.
enum DedicatedThread {
  /// Runs `body` on a new thread, and lets go of it before the thread ends.
  ///
  /// A `Thread` releases its closure while the system takes the thread's own data apart, when Dispatch has given up
  /// its part already. Were that the last reference to a store or a semaphore, their Dispatch objects would be freed
  /// with memory that is gone, and the heap be damaged. So the thread gets a box, and empties it itself.
  static func start(_ name: String, _ body: @escaping @Sendable () -> Void) {
    let box = Box(body)
    let thread = Thread { box.take()?() }
    thread.name = name
    thread.stackSize = 8 << 20
    thread.start()
  }

  private final class Box: Sendable {
    private let body: Mutex<(@Sendable () -> Void)?>

    init(_ body: @escaping @Sendable () -> Void) { self.body = Mutex(body) }

    func take() -> (@Sendable () -> Void)? {
      body.withLock { body in
        defer { body = nil }
        return body
      }
    }
  }
}
