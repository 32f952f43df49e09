public import Tensors

/// What the machine reaches on large products, all threads at once: the ceiling that useful work is compared with.
public enum MatrixPeak {
  /// Floating-point operations a second, and a second of one core: the best of several rounds of whoever multiplies
  /// fastest in that precision, the system's matrix library or our kernels, each in a size that suits it.
  public static func measure(
    _ precision: Precision, threads: Int, rounds: Int = 7
  ) throws -> (wall: Double, core: Double) {
    let candidates: [ProductImplementation] =
      precision.resolved == .bfloat16 ? [.bfloat16Panels] : [.openBLAS, .panels].filter(\.isSupported)
    let figures = try candidates.map { try measure($0, threads: threads, rounds: rounds) }
    return figures.max { $0.wall < $1.wall } ?? (0, 0)
  }

  private static func measure(
    _ implementation: ProductImplementation, threads: Int, rounds: Int
  ) throws -> (wall: Double, core: Double) {
    let isLibrary = implementation == .openBLAS
    let (rows, inputs, outputs) = isLibrary ? (1_536, 1_536, 1_536) : (252, 2_048, 512)
    let repetitions = isLibrary ? 2 : 24
    let work = 2 * Double(threads * repetitions) * Double(rows * inputs * outputs)
    let workers = (0..<threads).map { _ in
      Worker(rows: rows, inputs: inputs, outputs: outputs, implementation: isLibrary ? nil : implementation)
    }
    func round() throws -> Elapsed {
      let start = Stopwatch()
      try WorkerPool.forEach(count: threads, threads: threads) { _, thread in
        for _ in 0..<repetitions { workers[thread].multiply() }
      }
      return start.elapsed
    }
    _ = try round()
    let elapsed = try (0..<rounds).map { _ in try round() }
    return (
      work / (elapsed.map(\.seconds).min() ?? .infinity), work / (elapsed.map(\.coreSeconds).min() ?? .infinity)
    )
  }

  /// The same as the commands print it.
  public static func figures(_ precision: Precision, threads: Int) throws -> [String: Double] {
    let peak = try measure(precision, threads: threads)
    return ["gflops": peak.wall / 1e9, "gflops_per_core": peak.core / 1e9]
  }

  /// One thread's product.
  private struct Worker: Sendable {
    let rows: Int
    let x, weight, bias, y, scratch: AlignedBuffer<Float>
    let packed: PackedWeights?
    let inputs, outputs: Int

    /// - Parameter implementation: whose packed weights; nil multiplies matrices as they are, by the system's library.
    init(rows: Int, inputs: Int, outputs: Int, implementation: ProductImplementation?) {
      (self.rows, self.inputs, self.outputs) = (rows, inputs, outputs)
      x = AlignedBuffer(zeros: rows * inputs)
      weight = AlignedBuffer(zeros: inputs * outputs)
      for buffer in [x, weight] { for index in 0..<buffer.count { buffer.base[index] = Float(index % 7) } }
      bias = AlignedBuffer(zeros: outputs)
      y = AlignedBuffer(zeros: rows * outputs)
      scratch = AlignedBuffer(count: ProductImplementation.scratchCount(rows: rows, depth: inputs))
      let values = weight.base
      packed = implementation.map { PackedWeights(values, outputs: outputs, inputs: inputs, for: $0) }
    }

    func multiply() {
      if let packed {
        packed.apply(x.base, bias: bias.base, into: y.base, rows: rows, finish: .store, scratch: scratch.base)
      } else {
        LinearProduct.apply(
          x.base, weight: weight.base, into: y.base, rows: rows, inputs: inputs, outputs: outputs, beta: 0)
      }
    }
  }
}
