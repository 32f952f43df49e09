public import Tensors

/// The weights of a model's large products in the order in which a training step reads them fastest, made from the
/// parameters once a step for all workers.
///
/// With our own kernels, in float32 or bfloat16, that is each weight packed twice, for the forward and for the backward
/// pass; in bfloat16 it is rounded too, and the parameters themselves stay float32. With the system's matrix library it
/// is each weight the other way round, for the forward pass: the library is some per cent faster on it.
public final class StepWeights<Scalar: GradientScalar>: Sendable {
  /// float32 or bfloat16.
  public var precision: Precision { products.precision }

  /// An (outputs, inputs) weight of the parameters, and where it lies here: for the forward pass, and for the backward
  /// pass where it is packed for that.
  private struct Matrix: Sendable {
    let source: Int
    let forward: Int
    let backward: Int
    let outputs: Int
    let inputs: Int
  }

  private enum Storage: Sendable {
    case transposed(AlignedBuffer<Scalar>)
    case panels(AlignedBuffer<Float>)
    case rounded(AlignedBuffer<BFloat16>)
  }

  private let products: ProductImplementation
  private let matrices: [Matrix]
  private let places: [Int: Int]
  private let storage: Storage

  /// - Parameters:
  ///   - blocks: whose feed-forwards' weights are meant.
  ///   - others: the offset of each other weight in the parameters, with its shape.
  ///   - products: who computes them: the system's library, or for `Float` our own kernels where the processor has what
  ///     they need.
  init(
    _ blocks: [MixerBlock], others: [(offset: Int, outputs: Int, inputs: Int)] = [], products: ProductImplementation
  ) {
    precondition(Scalar.self == Float.self || products == .openBLAS, "only the library computes in other numbers")
    precondition(products.isSupported, "the processor lacks the instructions")
    self.products = products
    func size(inputs: Int, outputs: Int) -> Int {
      let count =
        switch products {
        case .bfloat16Panels: RoundedPanels.count(depth: inputs, columns: outputs)
        case .panels: WeightPanels.count(inputs: inputs, outputs: outputs)
        default: inputs * outputs
        }
      return (count + 31) / 32 * 32
    }
    let weights =
      blocks.flatMap {
        [($0.expandWeight, $0.innerWidth, $0.width), ($0.contractWeight, $0.width, $0.innerWidth)]
      } + others
    var matrices: [Matrix] = []
    var count = 0
    for (offset, outputs, inputs) in weights {
      let backward = count + size(inputs: inputs, outputs: outputs)
      matrices.append(
        Matrix(source: offset, forward: count, backward: backward, outputs: outputs, inputs: inputs))
      count = products == .openBLAS ? backward : backward + size(inputs: outputs, outputs: inputs)
    }
    self.matrices = matrices
    places = Dictionary(uniqueKeysWithValues: matrices.indices.map { (matrices[$0].source, $0) })
    storage =
      switch products {
      case .bfloat16Panels: .rounded(AlignedBuffer(count: count))
      case .panels: .panels(AlignedBuffer(count: count))
      case .openBLAS: .transposed(AlignedBuffer(count: count))
      case .oneDNNFloat32, .oneDNNBFloat16: preconditionFailure("training has no products by oneDNN")
      }
  }

  /// Who computes products in `precision` fastest on this processor: for numbers other than `Float` always the library.
  static func preferredProducts(for precision: Precision) -> ProductImplementation {
    Scalar.self == Float.self ? .preferred(for: precision) : .openBLAS
  }

  /// Takes over the values of the parameters; to be called whenever they have changed.
  public func update(from parameters: ParameterBuffer<Scalar>, threads: Int) throws {
    // Both orders of a weight are two pieces of work.
    let orders = products == .openBLAS ? 1 : 2
    try WorkerPool.forEach(count: orders * matrices.count, threads: threads) { _, index in
      let matrix = matrices[index / orders]
      let weight = parameters.storage.base + matrix.source
      if case .transposed(let buffer) = storage {
        Scalar.transpose(weight, into: buffer.base + matrix.forward, rows: matrix.outputs, columns: matrix.inputs)
      } else if let weight = weight as? UnsafeMutablePointer<Float> {
        pack(matrix, weight, isBackward: index % 2 == 1)
      }
    }
  }

  private func pack(_ matrix: Matrix, _ weight: UnsafePointer<Float>, isBackward: Bool) {
    switch storage {
    case .transposed: break
    case .panels(let buffer):
      if isBackward {
        _ = WeightPanels(
          packing: weight, outputs: matrix.inputs, inputs: matrix.outputs, isTransposed: true,
          into: buffer.base + matrix.backward)
      } else {
        _ = WeightPanels(
          packing: weight, outputs: matrix.outputs, inputs: matrix.inputs, into: buffer.base + matrix.forward)
      }
    case .rounded(let buffer):
      let factor = RoundedFactor(weight, stride: matrix.inputs)
      if isBackward {
        _ = RoundedPanels(
          packing: factor, depth: matrix.outputs, columns: matrix.inputs, into: buffer.base + matrix.backward)
      } else {
        _ = RoundedPanels(
          packing: factor.transposed, depth: matrix.inputs, columns: matrix.outputs, into: buffer.base + matrix.forward)
      }
    }
  }

  private func matrix(_ offset: Int) -> Matrix {
    guard let place = places[offset] else { preconditionFailure("that weight is not among the step's") }
    return matrices[place]
  }
}

// MARK: - Products in float32 (in `Double` for what the kernels are held against)

extension StepWeights {
  /// `y ← x · Wᵀ`, or `y ← y + x · Wᵀ`, with the weight at `offset` of the parameters.
  func apply(
    _ x: UnsafePointer<Scalar>, _ offset: Int, into y: UnsafeMutablePointer<Scalar>, rows: Int, adds: Bool = false,
    scratch: MixerScratch<Scalar>
  ) {
    let matrix = matrix(offset)
    switch storage {
    case .transposed(let buffer):
      LinearProduct.apply(
        x, transposedWeight: buffer.base + matrix.forward, into: y, rows: rows, inputs: matrix.inputs,
        outputs: matrix.outputs, beta: adds ? 1 : 0)
    case .panels(let buffer):
      WeightPanels(packed: buffer.base + matrix.forward, outputs: matrix.outputs, inputs: matrix.inputs)
        .apply(x, into: y, rows: rows, adds: adds, scratch: scratch)
    case .rounded: preconditionFailure("the products are in bfloat16")
    }
  }

  /// `dx ← dy · W` with the weight at `offset` of the parameters.
  ///
  /// - Parameter weight: the same weight as it lies there.
  func inputGradient(
    _ dy: UnsafePointer<Scalar>, _ offset: Int, weight: UnsafePointer<Scalar>,
    into dx: UnsafeMutablePointer<Scalar>, rows: Int, scratch: MixerScratch<Scalar>
  ) {
    let matrix = matrix(offset)
    switch storage {
    case .transposed:
      // The library reads it best in this order.
      LinearProduct.inputGradient(
        dy, weight: weight, into: dx, rows: rows, inputs: matrix.inputs, outputs: matrix.outputs, beta: 0)
    case .panels(let buffer):
      WeightPanels(packed: buffer.base + matrix.backward, outputs: matrix.inputs, inputs: matrix.outputs)
        .apply(dy, into: dx, rows: rows, scratch: scratch)
    case .rounded: preconditionFailure("the products are in bfloat16")
    }
  }
}

extension WeightPanels {
  /// The product of a worker with `Float`, the only one for which there are panels.
  fileprivate func apply<Scalar>(
    _ x: UnsafePointer<Scalar>, into y: UnsafeMutablePointer<Scalar>, rows: Int, adds: Bool = false,
    scratch: MixerScratch<Scalar>
  ) {
    guard let x = x as? UnsafePointer<Float>, let y = y as? UnsafeMutablePointer<Float> else {
      preconditionFailure("panels hold float32")
    }
    apply(x, into: y, rows: rows, adds: adds, scratch: scratch.products.base)
  }
}

// MARK: - Factors of products in bfloat16

extension StepWeights {
  /// The weight at `offset` as the second factor of `x · Wᵀ`.
  func forward(_ offset: Int) -> RoundedPanels {
    let matrix = matrix(offset)
    return RoundedPanels(packed: rounded.base + matrix.forward, depth: matrix.inputs, columns: matrix.outputs)
  }

  /// The weight at `offset` as the second factor of `dy · W`.
  func backward(_ offset: Int) -> RoundedPanels {
    let matrix = matrix(offset)
    return RoundedPanels(packed: rounded.base + matrix.backward, depth: matrix.outputs, columns: matrix.inputs)
  }

  private var rounded: AlignedBuffer<BFloat16> {
    guard case .rounded(let buffer) = storage else { preconditionFailure("the products are in float32") }
    return buffer
  }
}
