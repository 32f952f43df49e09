public import Tensors

/// One gradient buffer a worker, and their sum.
///
/// Workers add to their own buffers without meeting each other; the buffers are then added in their order, so that the
/// sum, and with it a whole training run, is the same each time with the same number of workers.
public struct WorkerGradients<Scalar: GradientScalar>: Sendable {
  /// The first holds the sum after ``reduce(threads:)``.
  public let buffers: [ParameterBuffer<Scalar>]

  public init(_ layout: ParameterLayout, workers: Int) {
    buffers = (0..<max(1, workers)).map { _ in ParameterBuffer(layout) }
  }

  public var sum: ParameterBuffer<Scalar> { buffers[0] }

  /// Adds all buffers into the first and sets the others to 0.
  ///
  /// - Returns: the sum's Euclidean norm. It does not depend on `threads`.
  public func reduce(threads: Int) throws -> Double {
    let (sum, count) = (sum.storage.base, sum.layout.count)
    let others = buffers.dropFirst().map(\.storage)
    let piece = 1 << 16
    let pieces = (count + piece - 1) / piece
    let squares = AlignedBuffer<Double>(zeros: pieces)
    nonisolated(unsafe) let target = sum  // Each piece of it belongs to one worker.
    try WorkerPool.forEach(count: pieces, threads: threads) { _, index in
      let (start, length) = (index * piece, min(piece, count - index * piece))
      for other in others {
        squares.base[index] = Scalar.takeGradient(other.base + start, into: target + start, count: length)
      }
      if others.isEmpty { squares.base[index] = Scalar.sumOfSquares(target + start, count: length) }
    }
    return squares.readOnly.reduce(0, +).squareRoot()
  }

  /// Forgets what was added.
  public func clear() {
    for buffer in buffers { buffer.storage.base.update(repeating: 0, count: buffer.layout.count) }
  }
}

/// Gradient clipping by norm (Pascanu et al. 2013, arXiv 1211.5063).
public enum GradientClipping {
  /// What to multiply gradients of that norm by, so that it is at most `limit`; nil or 0 does not clip.
  public static func scale(norm: Double, limit: Double?) -> Double {
    guard let limit, limit > 0, norm > limit else { return 1 }
    return limit / norm
  }
}
