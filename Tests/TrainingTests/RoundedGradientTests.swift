import Mixers
import Operations
import Tensors
import Testing

@testable import Mixers

/// Gradients with products in bfloat16 beside those in float32, tensor by tensor.
@Suite(.enabled(if: Precision.bfloat16.isSupported)) struct RoundedGradientTests {
  /// Texts longer than a block of the causal products, more rows than go through the feed-forward at a time, and no size
  /// a multiple of the panels'.
  static func configuration(_ padding: Padding) -> MaskedMixerConfiguration {
    MaskedMixerConfiguration(
      vocabularySize: 61, hiddenSize: 42, blockCount: 2, contextLength: 141, padding: padding, appendsEndOfText: false)
  }

  static func pack(_ configuration: MaskedMixerConfiguration) throws -> TokenPack {
    var generator = SeededGenerator(seed: 3)
    // Where pads are tokens, their rows are all alike, and so is their rounding: with many of them it adds up.
    let counts = configuration.padding == .none ? [141, 2, 70, 33, 90] : [141, 130, 137, 121, 139]
    let texts = try counts.map { count in
      try TokenWindow(
        (0..<count).map { _ in Int32(3 + generator.uniform(below: 58)) }, endOfText: nil, configuration: configuration)
    }
    return TokenPack(texts, configuration)
  }

  @Test(arguments: [Padding.none, .token], [0, 0.3])
  func languageModel(padding: Padding, dropoutProbability: Double) throws {
    let configuration = Self.configuration(padding)
    let pack = try Self.pack(configuration)
    let dropout = dropoutProbability > 0 ? Dropout(probability: dropoutProbability, seed: 5) : nil
    let gradients = try Self.products.map { products in
      let worker = MaskedMixerWorker<Float>(configuration, rows: 705, headRows: 100, products: products)
      let parameters = Self.parameters(worker.model)
      let gradients = ParameterBuffer<Float>(worker.model.layout)
      _ = try worker.loss(pack, parameters, gradients, dropout: dropout)
      return gradients
    }
    Self.expectAlike(gradients[0], gradients[1])
  }

  @Test(arguments: [0, 0.3]) func embeddings(dropoutProbability: Double) throws {
    let configuration = Self.configuration(.none)
    let pack = try Self.pack(configuration)
    let dropout = dropoutProbability > 0 ? Dropout(probability: dropoutProbability, seed: 5) : nil
    let direction: AlignedBuffer<Float> = normalBuffer(5 * configuration.hiddenSize, seed: 8)
    let gradients = try Self.products.map { products in
      let worker = MaskedMixerWorker<Float>(configuration, rows: 705, products: products)
      let parameters = Self.parameters(worker.model)
      let gradients = ParameterBuffer<Float>(worker.model.layout)
      let output = AlignedBuffer<Float>(zeros: direction.count)
      try worker.weights?.update(from: parameters, threads: 1)
      worker.model.embeddingsForward(
        pack, parameters: parameters, dropout: dropout, weights: worker.weights, tape: worker.tape,
        scratch: worker.scratch, into: output.base)
      worker.model.embeddingsBackward(
        pack, embeddingGradient: direction.base, parameters: parameters, gradients: gradients, dropout: dropout,
        weights: worker.weights, tape: worker.tape, scratch: worker.scratch)
      worker.model.clearAboveDiagonal(gradients)
      return gradients
    }
    Self.expectAlike(gradients[0], gradients[1])
  }

  @Test(arguments: [0, 0.3]) func retrievalMixer(dropoutProbability: Double) throws {
    let configuration = RetrievalMixerConfiguration(hiddenSize: 42, blockCount: 2, contextWidth: 37)
    let model = RetrievalMixerTraining<Float>(configuration)
    let dropout = dropoutProbability > 0 ? Dropout(probability: dropoutProbability, seed: 5) : nil
    let matches: [Int32] = (0..<9).map { $0 * 4 }
    let rows = 9 * 37
    let input: AlignedBuffer<Float> = normalBuffer(rows * 42, seed: 2)
    let parameters = ParameterBuffer<Float>.random(model.layout, seed: 1, deviation: 0.1)
    let gradients = try Self.products.map { products in
      let gradients = ParameterBuffer<Float>(model.layout)
      let weights = model.makeStepWeights(products: products)
      try weights.update(from: parameters, threads: 2)
      _ = model.loss(
        matches: matches, parameters: parameters, gradients: gradients, scale: 1 / 9, dropout: dropout,
        weights: weights, tape: MixerTape(width: 42, blockCount: 2, rowCapacity: rows, precision: products.precision),
        scratch: MixerScratch(width: 42, rowCapacity: rows, precision: products.precision)
      ) { $0.update(from: input.base, count: input.count) }
      return gradients
    }
    // Adding the same to every score changes nothing: what does that has no gradient but rounding.
    Self.expectAlike(
      gradients[0], gradients[1], except: ["retrieval_head.bias", "mixerblocks.1.patch_ff.2.bias"])
  }

  /// To the bit: what comes later in a text changes nothing before it.
  @Test func nothingLaterIsSeen() throws {
    let configuration = Self.configuration(.none)
    let worker = MaskedMixerWorker<Float>(configuration, rows: 141, products: .bfloat16Panels)
    let parameters = Self.parameters(worker.model)
    func states(changedFrom start: Int) throws -> [[Float]] {
      let tokens = (0..<141).map { Int32(3 + ($0 < start ? $0 : 5 * $0 + 1) % 58) }
      let pack = TokenPack([try TokenWindow(tokens, endOfText: nil, configuration: configuration)], configuration)
      _ = try worker.loss(pack, parameters)
      let width = configuration.hiddenSize
      return (0..<140).map { row in
        Array(UnsafeBufferPointer(start: worker.tape.states(2) + row * width, count: width))
      }
    }
    let whole = try states(changedFrom: 141)
    for start in [1, 63, 64, 101, 139] {
      let changed = try states(changedFrom: start)
      let (isSameBefore, differsAfter) = (changed[..<start] == whole[..<start], changed[start] != whole[start])
      #expect(isSameBefore && differsAfter)
    }
  }

  private static let products = [ProductImplementation.openBLAS, .bfloat16Panels]

  private static func parameters(_ model: MaskedMixerTraining<Float>) -> ParameterBuffer<Float> {
    let parameters = ParameterBuffer<Float>.random(model.layout, seed: 1, deviation: 0.1)
    model.clearAboveDiagonal(parameters)
    return parameters
  }

  private static func expectAlike(
    _ expected: ParameterBuffer<Float>, _ found: ParameterBuffer<Float>, except: Set<String> = [],
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    for tensor in expected.layout.tensors where !except.contains(tensor.name) {
      let pairs = zip(expected.values(tensor), found.values(tensor)).map { (Double($0), Double($1)) }
      let largest = pairs.reduce(0) { max($0, abs($1.0)) }
      let worst = pairs.reduce(0) { max($0, abs($1.0 - $1.1)) }
      let product = pairs.reduce(0) { $0 + $1.0 * $1.1 }
      let squares = pairs.reduce(0) { $0 + $1.0 * $1.0 } * pairs.reduce(0) { $0 + $1.1 * $1.1 }
      if tensor.shape.count > 1, largest > 0 {
        #expect(worst > 0, "\(tensor.name) is not computed in bfloat16", sourceLocation: sourceLocation)
      }
      #expect(worst <= 2e-2 * largest, "\(tensor.name)", sourceLocation: sourceLocation)
      #expect(product >= 0.999 * squares.squareRoot(), "\(tensor.name)", sourceLocation: sourceLocation)
    }
  }
}
