public import Tensors

/// The weights of a model's large products the other way round, for the forward pass: the matrix library is some per
/// cent faster on them, and a batch has enough rows to make up for turning them once a step.
public final class TransposedWeights<Scalar: GradientScalar>: Sendable {
  /// An (outputs, inputs) weight of the parameters, and where its transpose lies here.
  private struct Matrix: Sendable {
    let source: Int
    let target: Int
    let outputs: Int
    let inputs: Int
  }

  private let matrices: [Matrix]
  private let storage: AlignedBuffer<Scalar>
  private let places: [Int: Int]

  /// - Parameter weights: the offset of each weight in the parameters, with its shape.
  init(_ weights: [(offset: Int, outputs: Int, inputs: Int)]) {
    var matrices: [Matrix] = []
    var count = 0
    for weight in weights {
      matrices.append(Matrix(source: weight.offset, target: count, outputs: weight.outputs, inputs: weight.inputs))
      count += (weight.outputs * weight.inputs + 15) / 16 * 16
    }
    self.matrices = matrices
    storage = AlignedBuffer(count: count)
    places = Dictionary(uniqueKeysWithValues: matrices.map { ($0.source, $0.target) })
  }

  /// Those of the blocks' feed-forwards and others.
  convenience init(_ blocks: [MixerBlock], others: [(offset: Int, outputs: Int, inputs: Int)] = []) {
    self.init(
      blocks.flatMap {
        [($0.expandWeight, $0.innerWidth, $0.width), ($0.contractWeight, $0.width, $0.innerWidth)]
      } + others)
  }

  /// Takes over the values of the parameters; to be called whenever they have changed.
  public func update(from parameters: ParameterBuffer<Scalar>, threads: Int) throws {
    nonisolated(unsafe) let base = parameters.storage.base  // Only read, while nobody writes.
    try WorkerPool.forEach(count: matrices.count, threads: threads) { _, index in
      let matrix = matrices[index]
      Scalar.transpose(
        base + matrix.source, into: storage.base + matrix.target, rows: matrix.outputs, columns: matrix.inputs)
    }
  }

  /// The transpose of the weight at `offset` of the parameters.
  func pointer(_ offset: Int) -> UnsafePointer<Scalar> {
    guard let place = places[offset] else { preconditionFailure("no transpose was kept of that weight") }
    return UnsafePointer(storage.base + place)
  }
}
