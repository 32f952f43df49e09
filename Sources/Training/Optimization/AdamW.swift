internal import Operations
public import Tensors

/// How AdamW moves parameters.
public struct AdamWOptions: Sendable, Equatable, Codable {
  public var beta1 = 0.9
  public var beta2 = 0.999
  public var epsilon = 1e-8
  /// λ: each step multiplies a decaying weight by 1 − learning rate · λ.
  public var decay = 0.01
  /// Whether biases, norms and the embedding table decay as well, as PyTorch's default has it.
  public var decaysEverything = false

  public init() {}
}

/// AdamW (Loshchilov & Hutter 2019, arXiv 1711.05101): Adam with decoupled weight decay, one loop over flat buffers.
///
/// Every parameter is updated by itself, so the result does not depend on the number of threads.
public struct AdamW<Scalar: GradientScalar>: Sendable {
  public let options: AdamWOptions
  /// m and v, in the layout of the parameters.
  public let first: ParameterBuffer<Scalar>
  public let second: ParameterBuffer<Scalar>
  /// Steps taken.
  public var steps = 0
  private let pieces: [Piece]

  /// A stretch of one tensor that one worker updates.
  private struct Piece: Sendable {
    let start: Int
    let count: Int
    let decays: Bool
  }

  public init(_ layout: ParameterLayout, options: AdamWOptions = AdamWOptions()) {
    self.options = options
    first = ParameterBuffer(layout)
    second = ParameterBuffer(layout)
    pieces = layout.tensors.flatMap { tensor in
      let decays = options.decaysEverything || Self.decaysByDefault(tensor)
      let start = layout.offset(of: tensor.name)
      return stride(from: 0, to: tensor.count, by: 1 << 16).map {
        Piece(start: start + $0, count: min(1 << 16, tensor.count - $0), decays: decays)
      }
    }
  }

  /// Matrices decay; biases and norms (vectors), the embedding table and single numbers do not.
  static func decaysByDefault(_ tensor: TensorShape) -> Bool {
    tensor.shape.count >= 2 && tensor.name != "wte.weight"
  }

  /// Takes one step and sets the gradients to 0.
  ///
  /// - Parameter gradientScale: what the gradients are multiplied by first (clipping).
  public mutating func step(
    _ parameters: ParameterBuffer<Scalar>, gradients: ParameterBuffer<Scalar>, learningRate: Double,
    gradientScale: Double = 1, threads: Int = 1
  ) throws {
    precondition(parameters.layout == first.layout && gradients.layout == first.layout, "buffers of another layout")
    steps += 1
    let (options, number, pieces, first, second) = (options, steps, pieces, first, second)
    try WorkerPool.forEach(count: pieces.count, threads: threads) { _, index in
      let piece = pieces[index]
      Scalar.adamW(
        parameters.storage.base + piece.start, gradient: gradients.storage.base + piece.start,
        first: first.storage.base + piece.start, second: second.storage.base + piece.start, count: piece.count,
        AdamWStep(
          gradientScale: gradientScale, beta1: options.beta1, beta2: options.beta2, epsilon: options.epsilon,
          learningRate: learningRate, decay: piece.decays ? options.decay : 0, number: number))
    }
  }
}
