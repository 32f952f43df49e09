public import Tensors

/// The weights of a model's large products in the order in which a training step reads them fastest, made from the
/// parameters once a step for all workers.
///
/// In float32 that is each weight the other way round, for the forward pass: the matrix library is some per cent faster
/// on it. In bfloat16 it is each weight rounded and packed twice, for the forward and for the backward pass; the
/// parameters themselves stay float32.
public final class StepWeights<Scalar: GradientScalar>: Sendable {
  /// float32 or bfloat16.
  public let precision: Precision

  /// An (outputs, inputs) weight of the parameters, and where it lies here.
  private struct Matrix: Sendable {
    let source: Int
    let target: Int
    let outputs: Int
    let inputs: Int
  }

  private let matrices: [Matrix]
  private let places: [Int: Int]
  private let transposed: AlignedBuffer<Scalar>
  private let packed: AlignedBuffer<BFloat16>

  /// - Parameters:
  ///   - blocks: whose feed-forwards' weights are meant.
  ///   - others: the offset of each other weight in the parameters, with its shape.
  ///   - precision: bfloat16 for `Float` only, and only where the processor supports it.
  init(_ blocks: [MixerBlock], others: [(offset: Int, outputs: Int, inputs: Int)] = [], precision: Precision) {
    let precision = precision.resolved
    precondition(precision == .float32 || Scalar.self == Float.self && precision.isSupported, "no products in bfloat16")
    self.precision = precision
    let weights =
      blocks.flatMap {
        [($0.expandWeight, $0.innerWidth, $0.width), ($0.contractWeight, $0.width, $0.innerWidth)]
      } + others
    var matrices: [Matrix] = []
    var count = 0
    for (offset, outputs, inputs) in weights {
      matrices.append(Matrix(source: offset, target: count, outputs: outputs, inputs: inputs))
      let size =
        precision == .float32
        ? outputs * inputs
        : RoundedPanels.count(depth: inputs, columns: outputs) + RoundedPanels.count(depth: outputs, columns: inputs)
      count += (size + 31) / 32 * 32
    }
    self.matrices = matrices
    places = Dictionary(uniqueKeysWithValues: matrices.indices.map { (matrices[$0].source, $0) })
    transposed = AlignedBuffer(count: precision == .float32 ? count : 0)
    packed = AlignedBuffer(count: precision == .float32 ? 0 : count)
  }

  /// Takes over the values of the parameters; to be called whenever they have changed.
  public func update(from parameters: ParameterBuffer<Scalar>, threads: Int) throws {
    if precision == .bfloat16, let parameters = parameters as? ParameterBuffer<Float> {
      // Both orders of a weight are two pieces of work.
      try WorkerPool.forEach(count: 2 * matrices.count, threads: threads) { _, index in
        let matrix = matrices[index / 2]
        let weight = RoundedFactor(parameters.storage.base + matrix.source, stride: matrix.inputs)
        let target = packed.base + matrix.target
        if index % 2 == 0 {
          _ = RoundedPanels(
            packing: weight.transposed, depth: matrix.inputs, columns: matrix.outputs, into: target)
        } else {
          _ = RoundedPanels(
            packing: weight, depth: matrix.outputs, columns: matrix.inputs, into: target + Self.backwardOffset(matrix))
        }
      }
      return
    }
    try WorkerPool.forEach(count: matrices.count, threads: threads) { _, index in
      let matrix = matrices[index]
      Scalar.transpose(
        parameters.storage.base + matrix.source, into: transposed.base + matrix.target, rows: matrix.outputs,
        columns: matrix.inputs)
    }
  }

  /// In float32, the transpose of the weight at `offset` of the parameters.
  func transpose(_ offset: Int) -> UnsafePointer<Scalar> { UnsafePointer(transposed.base + matrix(offset).target) }

  /// In bfloat16, the weight at `offset` as the second factor of `x · Wᵀ`.
  func forward(_ offset: Int) -> RoundedPanels {
    let matrix = matrix(offset)
    return RoundedPanels(packed: packed.base + matrix.target, depth: matrix.inputs, columns: matrix.outputs)
  }

  /// In bfloat16, the weight at `offset` as the second factor of `dy · W`.
  func backward(_ offset: Int) -> RoundedPanels {
    let matrix = matrix(offset)
    return RoundedPanels(
      packed: packed.base + matrix.target + Self.backwardOffset(matrix), depth: matrix.outputs, columns: matrix.inputs)
  }

  private static func backwardOffset(_ matrix: Matrix) -> Int {
    RoundedPanels.count(depth: matrix.inputs, columns: matrix.outputs)
  }

  private func matrix(_ offset: Int) -> Matrix {
    guard let place = places[offset] else { preconditionFailure("that weight is not among the step's") }
    return matrices[place]
  }
}
