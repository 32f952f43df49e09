internal import Dispatch
internal import Foundation
internal import Synchronization

/// Runs independent pieces of computation on a fixed number of threads.
public enum WorkerPool {
  /// The processor cores that this process may use.
  public static var defaultThreads: Int { ProcessInfo.processInfo.activeProcessorCount }

  /// Calls `body(worker, item)` for every item in `0..<count`, each once, on at most `threads` workers; `worker` is
  /// in `0..<threads` and never runs twice at the same time, so it can name a workspace. Items are taken in order.
  ///
  /// - Throws: the first error that any call threw; the remaining items are then left out.
  public static func forEach(
    count: Int, threads: Int, _ body: @Sendable (_ worker: Int, _ item: Int) throws -> Void
  ) throws {
    let workers = max(1, min(threads, count))
    if workers == 1 {
      for item in 0..<count { try body(0, item) }
      return
    }
    let next = Atomic<Int>(0)
    let failure = Mutex<(any Error)?>(nil)
    withoutActuallyEscaping(body) { body in
      DispatchQueue.concurrentPerform(iterations: workers) { worker in
        while true {
          let item = next.wrappingAdd(1, ordering: .relaxed).oldValue
          if item >= count { return }
          do {
            try body(worker, item)
          } catch {
            failure.withLock { $0 = $0 ?? error }
            next.store(count, ordering: .relaxed)
          }
        }
      }
    }
    if let error = failure.withLock({ $0 }) { throw error }
  }

  /// The results of `body(worker, item)` for every item in `0..<count`, in order; otherwise as
  /// ``forEach(count:threads:_:)``.
  public static func map<Result: Sendable>(
    count: Int, threads: Int, _ body: @Sendable (_ worker: Int, _ item: Int) throws -> Result
  ) throws -> [Result] {
    let results = Mutex([Result?](repeating: nil, count: count))
    try forEach(count: count, threads: threads) { worker, item in
      let result = try body(worker, item)
      results.withLock { $0[item] = result }
    }
    return results.withLock { $0.compactMap(\.self) }
  }
}
