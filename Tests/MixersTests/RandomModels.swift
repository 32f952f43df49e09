import Mixers
import Operations
import Tensors

/// Whoever can compute products on this processor: all of them must give the same results.
let implementations = ProductImplementation.allCases.filter(\.isSupported)

extension ProductImplementation {
  /// How far a model's results may be from exact ones, relative to the largest: rounding, of which bfloat16 has 8 bits.
  var tolerance: Float { precision == .bfloat16 ? 2e-2 : 1e-5 }
}

/// Models with random parameters of sensible size, in which nothing is at its default.
enum RandomModels {
  static func fill(_ parameters: ParameterBuffer<Float>, seed: UInt64, mixingScale: Float) {
    var generator = SeededGenerator(seed: seed)
    for tensor in parameters.layout.tensors {
      let values = parameters.values(tensor)
      let isNormWeight = tensor.name.hasSuffix("layernorm.weight")
      let scale: Float =
        tensor.name.hasSuffix("conv.weight")
        ? mixingScale
        : tensor.shape.count > 1 && tensor.name != "wte.weight" ? 1 / Float(tensor.shape[1]).squareRoot() : 0.5
      for index in values.indices {
        let bits = generator.next()
        values[index] = (isNormWeight ? 1 : 0) + scale * (Float(Int32(truncatingIfNeeded: bits)) * 0x1p-31)
      }
    }
  }

  static func maskedMixer(
    vocabulary: Int = 101, width: Int = 32, blocks: Int = 3, length: Int = 24, padding: Padding,
    appendsEndOfText: Bool = false, seed: UInt64 = 1, products: ProductImplementation = .preferred
  ) throws -> MaskedMixer {
    let configuration = MaskedMixerConfiguration(
      vocabularySize: vocabulary, hiddenSize: width, blockCount: blocks, contextLength: length, padTokenID: 2,
      padding: padding, appendsEndOfText: appendsEndOfText)
    let parameters = ParameterBuffer<Float>(MixerLayout.maskedMixer(configuration))
    fill(parameters, seed: seed, mixingScale: 2 / Float(length).squareRoot())
    return try MaskedMixer(configuration, parameters: parameters, products: products)
  }

  static func retrievalMixer(
    width: Int = 32, blocks: Int = 3, contextWidth: Int = 16, inputs: RetrievalInputs? = nil, seed: UInt64 = 2,
    products: ProductImplementation = .preferred
  ) throws -> RetrievalMixer {
    let configuration = RetrievalMixerConfiguration(hiddenSize: width, blockCount: blocks, contextWidth: contextWidth)
    let parameters = ParameterBuffer<Float>(MixerLayout.retrievalMixer(configuration))
    fill(parameters, seed: seed, mixingScale: 2 / Float(contextWidth).squareRoot())
    return try RetrievalMixer(configuration, parameters: parameters, inputs: inputs, products: products)
  }

  static func tokens(_ count: Int, vocabulary: Int = 101, seed: UInt64) -> [Int32] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { _ in Int32(3 + generator.uniform(below: vocabulary - 3)) }
  }

  static func values(_ count: Int, seed: UInt64) -> [Float] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { _ in Float(generator.unitInterval() * 4 - 2) }
  }
}

extension MaskedMixer {
  func window(_ tokens: [Int32]) throws -> TokenWindow {
    try TokenWindow(tokens, endOfText: 2, configuration: configuration)
  }
}
