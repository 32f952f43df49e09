internal import Tensors

/// What the machine's matrix library reaches on one large product a thread, all threads at once: the ceiling that
/// useful work is compared with.
enum MatrixPeak {
  /// Floating-point operations a second, and a second of one core: the best of several rounds.
  static func measure(threads: Int, size: Int = 1_536, rounds: Int = 7) throws -> (wall: Double, core: Double) {
    let count = size * size
    let matrices = (0..<3 * threads).map { _ in AlignedBuffer<Float>(zeros: count) }
    for matrix in matrices { for index in 0..<count { matrix.base[index] = Float(index % 7) } }
    let work = 4 * Double(threads) * Double(count) * Double(size)
    func round() throws -> Elapsed {
      let start = Stopwatch()
      try WorkerPool.forEach(count: threads, threads: threads) { _, thread in
        let (a, b, c) = (matrices[3 * thread].base, matrices[3 * thread + 1].base, matrices[3 * thread + 2].base)
        for _ in 0..<2 { LinearProduct.apply(a, weight: b, into: c, rows: size, inputs: size, outputs: size, beta: 0) }
      }
      return start.elapsed
    }
    _ = try round()
    let elapsed = try (0..<rounds).map { _ in try round() }
    return (
      work / (elapsed.map(\.seconds).min() ?? .infinity), work / (elapsed.map(\.coreSeconds).min() ?? .infinity)
    )
  }
}
