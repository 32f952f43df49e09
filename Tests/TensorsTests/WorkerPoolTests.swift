import Synchronization
import Tensors
import Testing

@Suite struct WorkerPoolTests {
  private struct Failure: Error {}

  @Test(arguments: [0, 1, 2, 97], [1, 2, 3, 16]) func everyItemRunsOnce(count: Int, threads: Int) throws {
    let seen = Mutex<[Int]>([])
    try WorkerPool.forEach(count: count, threads: threads) { worker, item in
      precondition((0..<threads).contains(worker))
      seen.withLock { $0.append(item) }
    }
    #expect(seen.withLock { $0.sorted() } == Array(0..<count))
  }

  @Test func aWorkerNeverRunsTwiceAtTheSameTime() throws {
    let busy = Mutex<Set<Int>>([])
    let collisions = Atomic<Int>(0)
    try WorkerPool.forEach(count: 500, threads: 4) { worker, _ in
      if !busy.withLock({ $0.insert(worker).inserted }) { collisions.add(1, ordering: .relaxed) }
      _ = busy.withLock { $0.remove(worker) }
    }
    #expect(collisions.load(ordering: .relaxed) == 0)
  }

  @Test(arguments: [1, 2, 4]) func errorsComeThroughAndEndTheWork(threads: Int) {
    let done = Atomic<Int>(0)
    #expect(throws: Failure.self) {
      try WorkerPool.forEach(count: 10_000, threads: threads) { _, item in
        if item == 5 { throw Failure() }
        done.add(1, ordering: .relaxed)
      }
    }
    #expect(done.load(ordering: .relaxed) < 10_000)
  }

  @Test func mapKeepsTheOrder() throws {
    #expect(try WorkerPool.map(count: 200, threads: 3) { _, item in item * item } == (0..<200).map { $0 * $0 })
    #expect(throws: Failure.self) { try WorkerPool.map(count: 3, threads: 2) { _, _ -> Int in throw Failure() } }
  }
}
