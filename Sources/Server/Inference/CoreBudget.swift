internal import Synchronization

/// Shares the cores among the compute threads: a request that runs alone may use them all, requests that run side by
/// side have one each.
final class CoreBudget: Sendable {
  private let free: Mutex<Int>

  init(_ cores: Int) { free = Mutex(cores) }

  /// Calls `body` with the number of cores it may use: its own thread's, and those that are free.
  func withCores<Value>(_ body: (_ cores: Int) throws -> Value) rethrows -> Value {
    let extra = free.withLock { free in
      free -= 1
      let extra = max(0, free)
      free -= extra
      return extra
    }
    defer { free.withLock { $0 += 1 + extra } }
    return try body(1 + extra)
  }
}
