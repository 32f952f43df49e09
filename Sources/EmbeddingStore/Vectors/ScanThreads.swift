internal import Dispatch
internal import Synchronization

/// Spreads the parts of a scan over threads.
enum ScanThreads {
  /// Calls `worker` on at most `threads` threads at once. Each takes the numbers of its parts, out of `0 ..< parts`,
  /// from the function it is given, in ascending order, until it gives nil.
  static func run(parts: Int, threads: Int, _ worker: @Sendable (_ nextPart: () -> Int?) -> Void) {
    let next = Atomic<Int>(0)
    let workers = max(1, min(threads, parts))
    withoutActuallyEscaping(worker) { worker in
      let work: @Sendable (Int) -> Void = { _ in
        worker {
          let part = next.wrappingAdd(1, ordering: .relaxed).oldValue
          return part < parts ? part : nil
        }
      }
      if workers == 1 { work(0) } else { DispatchQueue.concurrentPerform(iterations: workers, execute: work) }
    }
  }
}
