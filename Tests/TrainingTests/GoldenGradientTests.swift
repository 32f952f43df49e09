import Checkpoints
import Tensors
import Testing

@testable import Mixers
@testable import Training

/// Loss, every gradient and ten steps of AdamW against PyTorch (Tests/Golden/generate.py).
@Suite struct GoldenGradientTests {
  /// The weights as they are, and what this processor has for products in float32.
  static let products: [ProductImplementation?] = [nil, .openBLAS] + [.panels].filter(\.isSupported)
  static let maskedMixers = ["masked-mixer-padding-none", "masked-mixer-padding-token"]

  @Test(arguments: maskedMixers, products)
  func maskedMixerInSinglePrecision(name: String, products: ProductImplementation?) throws {
    try checkMaskedMixer(name, as: Float.self, products: products)
  }

  @Test(arguments: maskedMixers) func maskedMixerInDoublePrecision(name: String) throws {
    try checkMaskedMixer(name, as: Double.self, products: nil)
  }

  private func checkMaskedMixer<Scalar: GradientScalar>(
    _ name: String, as scalar: Scalar.Type, products: ProductImplementation?
  ) throws {
    let golden = try Golden(name)
    let configuration = try golden.folder.configuration(MaskedMixerConfiguration.self)
    let worker = MaskedMixerWorker<Scalar>(configuration, rows: 4 * configuration.contextLength, products: products)
    let parameters = try golden.parameters(worker.model.layout, as: scalar)
    let gradients = ParameterBuffer<Scalar>(worker.model.layout)
    let pack = TokenPack(try golden.texts(configuration), configuration)

    let loss = try worker.loss(pack, parameters, gradients)
    #expect(abs(loss - (try golden.loss())) < 1e-5 * loss)
    let (tensor, error) = try golden.worstGradientError(gradients)
    #expect(error < 1e-4, "\(tensor)")

    var options = AdamWOptions()
    options.decaysEverything = true
    var optimizer = AdamW<Scalar>(worker.model.layout, options: options)
    gradients.storage.base.update(repeating: 0, count: gradients.layout.count)
    for (step, expected) in try golden.losses().enumerated() {
      let loss = try worker.loss(pack, parameters, gradients)
      #expect(abs(loss - expected) < 1e-4, "step \(step)")
      try optimizer.step(parameters, gradients: gradients, learningRate: 1e-3)
      #expect(maskHolds(parameters, configuration), "step \(step)")
    }
  }

  /// Nothing above the diagonal of any mixing weight.
  private func maskHolds<Scalar: GradientScalar>(
    _ parameters: ParameterBuffer<Scalar>, _ configuration: MaskedMixerConfiguration
  ) -> Bool {
    let length = configuration.contextLength
    return (0..<configuration.blockCount).allSatisfy { block in
      let weight = parameters.pointer("mixerblocks.\(block).conv.weight")
      return (0..<length).allSatisfy { row in (row + 1..<length).allSatisfy { weight[row * length + $0] == 0 } }
    }
  }

  @Test(arguments: products) func retrievalMixerInSinglePrecision(products: ProductImplementation?) throws {
    try checkRetrievalMixer(as: Float.self, products: products)
  }

  @Test func retrievalMixerInDoublePrecision() throws { try checkRetrievalMixer(as: Double.self, products: nil) }

  private func checkRetrievalMixer<Scalar: GradientScalar>(as scalar: Scalar.Type, products: ProductImplementation?)
    throws
  {
    let golden = try Golden("retrieval-mixer")
    let configuration = try golden.folder.configuration(RetrievalMixerConfiguration.self)
    let model = RetrievalMixerTraining<Scalar>(configuration)
    let parameters = try golden.parameters(model.layout, as: scalar)
    let gradients = ParameterBuffer<Scalar>(model.layout)
    let matches = try golden.values.integers("labels").map { Int32($0) }
    let input = try golden.values.floats("input").map { Scalar($0) }
    let rows = matches.count * configuration.contextWidth
    let tape = MixerTape<Scalar>(
      width: configuration.hiddenSize, blockCount: configuration.blockCount, rowCapacity: rows)
    let scratch = MixerScratch<Scalar>(width: configuration.hiddenSize, rowCapacity: rows)
    let weights = products.map { model.makeStepWeights(products: $0) }
    func loss() throws -> Double {
      let scale = 1 / Double(matches.count)
      try weights?.update(from: parameters, threads: 1)
      return model.loss(
        matches: matches, parameters: parameters, gradients: gradients, scale: scale, weights: weights, tape: tape,
        scratch: scratch
      ) { $0.update(from: input, count: input.count) }.loss * scale
    }

    let first = try loss()
    #expect(abs(first - (try golden.loss())) < 1e-5)
    let (tensor, error) = try golden.worstGradientError(gradients)
    #expect(error < 1e-4, "\(tensor)")

    var options = AdamWOptions()
    options.decaysEverything = true
    var optimizer = AdamW<Scalar>(model.layout, options: options)
    gradients.storage.base.update(repeating: 0, count: gradients.layout.count)
    for (step, expected) in try golden.losses().enumerated() {
      let loss = try loss()
      #expect(abs(loss - expected) < 1e-4, "step \(step)")
      try optimizer.step(parameters, gradients: gradients, learningRate: 1e-3)
    }
  }
}
