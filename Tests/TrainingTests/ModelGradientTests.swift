import Mixers
import Operations
import Tensors
import Testing

@testable import Training

/// Whole models against finite differences in double precision.
@Suite struct ModelGradientTests {
  static func configuration(_ padding: Padding) -> MaskedMixerConfiguration {
    MaskedMixerConfiguration(
      vocabularySize: 19, hiddenSize: 6, blockCount: 2, contextLength: 9, padding: padding, appendsEndOfText: false)
  }

  /// Texts of 2, 9 and 5 tokens.
  static func pack(_ configuration: MaskedMixerConfiguration) throws -> TokenPack {
    var generator = SeededGenerator(seed: 3)
    let texts = try [2, 9, 5].map { count in
      try TokenWindow(
        (0..<count).map { _ in Int32(3 + generator.uniform(below: 16)) }, endOfText: nil, configuration: configuration)
    }
    return TokenPack(texts, configuration)
  }

  @Test(arguments: [Padding.none, .token], [0, 0.3])
  func languageModel(padding: Padding, dropoutProbability: Double) throws {
    let configuration = Self.configuration(padding)
    let pack = try Self.pack(configuration)
    let worker = MaskedMixerWorker<Double>(configuration, rows: 40)
    let dropout = dropoutProbability > 0 ? Dropout(probability: dropoutProbability, seed: 5) : nil
    let parameters = ParameterBuffer<Double>.random(worker.model.layout, seed: 1)
    worker.model.clearAboveDiagonal(parameters)
    let gradients = ParameterBuffer<Double>(worker.model.layout)
    _ = try worker.loss(pack, parameters, gradients, dropout: dropout)
    try FiniteDifferences.check(masked: parameters, gradients: gradients, configuration) {
      try worker.loss(pack, parameters, dropout: dropout)
    }
  }

  @Test(arguments: [Padding.none, .token], [0, 0.3])
  func embeddings(padding: Padding, dropoutProbability: Double) throws {
    let configuration = Self.configuration(padding)
    let pack = try Self.pack(configuration)
    let worker = MaskedMixerWorker<Double>(configuration, rows: 40)
    let dropout = dropoutProbability > 0 ? Dropout(probability: dropoutProbability, seed: 5) : nil
    let parameters = ParameterBuffer<Double>.random(worker.model.layout, seed: 1)
    worker.model.clearAboveDiagonal(parameters)
    let gradients = ParameterBuffer<Double>(worker.model.layout)
    let weights: AlignedBuffer<Double> = normalBuffer(3 * configuration.hiddenSize, seed: 8)
    let output = AlignedBuffer<Double>(zeros: weights.count)
    func loss() -> Double {
      worker.model.embeddingsForward(
        pack, parameters: parameters, dropout: dropout, tape: worker.tape, scratch: worker.scratch, into: output.base)
      return zip(output.readOnly, weights.readOnly).reduce(0) { $0 + $1.0 * $1.1 }
    }
    _ = loss()
    worker.model.embeddingsBackward(
      pack, embeddingGradient: weights.base, parameters: parameters, gradients: gradients, dropout: dropout,
      tape: worker.tape, scratch: worker.scratch)
    worker.model.clearAboveDiagonal(gradients)
    FiniteDifferences.check(masked: parameters, gradients: gradients, configuration, loss: loss)
  }

  @Test(arguments: [0, 0.3]) func retrievalMixer(dropoutProbability: Double) {
    let configuration = RetrievalMixerConfiguration(hiddenSize: 6, blockCount: 2, contextWidth: 5)
    let model = RetrievalMixerTraining<Double>(configuration)
    let tape = MixerTape<Double>(width: 6, blockCount: 2, rowCapacity: 15)
    let scratch = MixerScratch<Double>(width: 6, rowCapacity: 15)
    let input: AlignedBuffer<Double> = normalBuffer(90, seed: 2)
    let dropout = dropoutProbability > 0 ? Dropout(probability: dropoutProbability, seed: 5) : nil
    let parameters = ParameterBuffer<Double>.random(model.layout, seed: 1)
    let gradients = ParameterBuffer<Double>(model.layout)
    func loss(_ gradients: ParameterBuffer<Double>?) -> Double {
      model.loss(
        matches: [3, 0, 1], parameters: parameters, gradients: gradients, scale: 1, dropout: dropout, tape: tape,
        scratch: scratch
      ) { $0.update(from: input.base, count: input.count) }.loss
    }
    _ = loss(gradients)
    FiniteDifferences.check(parameters, gradients: gradients) { loss(nil) }
  }

  /// The embeddings of a pass in training are those of the model in use.
  @Test(arguments: [Padding.none, .token]) func embeddingsEqualTheModels(padding: Padding) throws {
    let configuration = Self.configuration(padding)
    let texts = try [[5, 4], [3, 9, 17, 4, 5, 6, 7, 8, 9], [10, 11, 12, 13, 14]].map {
      try TokenWindow($0, endOfText: nil, configuration: configuration)
    }
    let worker = MaskedMixerWorker<Float>(configuration, rows: 40)
    let parameters = ParameterBuffer<Float>.random(worker.model.layout, seed: 1)
    let model = try MaskedMixer(configuration, parameters: parameters)
    let output = AlignedBuffer<Float>(zeros: 3 * configuration.hiddenSize)
    worker.model.embeddingsForward(
      TokenPack(texts, configuration), parameters: parameters, tape: worker.tape, scratch: worker.scratch,
      into: output.base)
    let expected = try model.embed(texts, threads: 1)
    #expect(zip(output.readOnly, expected).allSatisfy { abs($0 - $1) < 1e-4 })
  }

  /// More rows than go through the feed-forward at a time: the gradients are those of the texts one by one.
  @Test(arguments: [0, 0.3]) func chunksAndPacksDoNotMatter(dropoutProbability: Double) throws {
    let configuration = Self.configuration(.none)
    var generator = SeededGenerator(seed: 3)
    let texts = try (0..<80).map { _ in
      try TokenWindow(
        (0..<6).map { _ in Int32(3 + generator.uniform(below: 16)) }, endOfText: nil, configuration: configuration)
    }
    let worker = MaskedMixerWorker<Float>(configuration, rows: 400, headRows: 64)
    #expect(TokenPack(texts, configuration).rows > MixerScratch<Float>.chunkRows)
    let parameters = ParameterBuffer<Float>.random(worker.model.layout, seed: 1)
    worker.model.clearAboveDiagonal(parameters)
    let (together, apart) = (ParameterBuffer<Float>(worker.model.layout), ParameterBuffer<Float>(worker.model.layout))
    let dropout = dropoutProbability > 0 ? Dropout(probability: dropoutProbability, seed: 5) : nil
    let loss = try worker.loss(TokenPack(texts, configuration), parameters, together, dropout: dropout)
    // With dropout the masks of another pack are others; the loss is the same only in the mean.
    let losses = try texts.map { try worker.loss(TokenPack([$0], configuration), parameters, apart, dropout: dropout) }
    let mean = losses.reduce(0, +) / 80
    #expect(abs(mean - loss) < (dropout == nil ? 1e-4 : 0.5))
    guard dropout == nil else { return }
    let largest = apart.storage.readOnly.reduce(0) { max($0, abs($1)) }
    #expect(zip(together.storage.readOnly, apart.storage.readOnly).allSatisfy { abs(80 * $0 - $1) < 1e-4 * largest })
  }

  @Test func gradientsAccumulate() throws {
    let configuration = Self.configuration(.none)
    let pack = try Self.pack(configuration)
    let worker = MaskedMixerWorker<Double>(configuration, rows: 40)
    let parameters = ParameterBuffer<Double>.random(worker.model.layout, seed: 1)
    worker.model.clearAboveDiagonal(parameters)
    let (once, twice) = (ParameterBuffer<Double>(worker.model.layout), ParameterBuffer<Double>(worker.model.layout))
    _ = try worker.loss(pack, parameters, once)
    _ = try worker.loss(pack, parameters, twice)
    _ = try worker.loss(pack, parameters, twice)
    #expect(zip(once.storage.readOnly, twice.storage.readOnly).allSatisfy { abs(2 * $0 - $1) < 1e-12 })
  }
}

extension FiniteDifferences {
  /// Leaves out the mixing weights above the diagonal, which are no parameters.
  static func check(
    masked parameters: ParameterBuffer<Double>, gradients: ParameterBuffer<Double>,
    _ configuration: MaskedMixerConfiguration, loss: () throws -> Double
  ) rethrows {
    let length = configuration.contextLength
    let largest = gradients.storage.readOnly.reduce(1e-12) { max($0, abs($1)) }
    for tensor in parameters.layout.tensors {
      if tensor.name.hasSuffix("conv.weight") {
        for row in 0..<length {
          let start = row * length
          try check(
            UnsafeMutableBufferPointer(rebasing: parameters.values(tensor)[start..<start + row + 1]),
            gradient: UnsafeBufferPointer(rebasing: gradients.values(tensor)[start..<start + row + 1]), samples: 3,
            scale: largest, "\(tensor.name)", loss: loss)
        }
      } else {
        try check(
          parameters.values(tensor), gradient: UnsafeBufferPointer(gradients.values(tensor)), samples: 6,
          scale: largest,
          "\(tensor.name)", loss: loss)
      }
    }
  }
}
