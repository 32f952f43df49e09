import Mixers
import Tensors
import Testing

@testable import Mixers

/// Gradients with the weights in panels beside those by the system's library: the same but for the order of sums.
@Suite(.enabled(if: ProductImplementation.panels.isSupported)) struct PanelGradientTests {
  @Test(arguments: [Padding.none, .token]) func languageModel(padding: Padding) throws {
    let configuration = RoundedGradientTests.configuration(padding)
    let pack = try RoundedGradientTests.pack(configuration)
    try expectSame { products in
      let worker = MaskedMixerWorker<Float>(configuration, rows: 705, headRows: 100, products: products)
      let parameters = ParameterBuffer<Float>.random(worker.model.layout, seed: 1, deviation: 0.1)
      let gradients = ParameterBuffer<Float>(worker.model.layout)
      _ = try worker.loss(pack, parameters, gradients, dropout: Dropout(probability: 0.3, seed: 5))
      return gradients
    }
  }

  @Test func retrievalMixer() throws {
    let configuration = RetrievalMixerConfiguration(hiddenSize: 42, blockCount: 2, contextWidth: 37)
    let model = RetrievalMixerTraining<Float>(configuration)
    let rows = 9 * 37
    let input: AlignedBuffer<Float> = normalBuffer(rows * 42, seed: 2)
    let parameters = ParameterBuffer<Float>.random(model.layout, seed: 1, deviation: 0.1)
    try expectSame { products in
      let gradients = ParameterBuffer<Float>(model.layout)
      let weights = model.makeStepWeights(products: products)
      try weights.update(from: parameters, threads: 2)
      _ = model.loss(
        matches: (0..<9).map { $0 * 4 }, parameters: parameters, gradients: gradients, scale: 1 / 9, weights: weights,
        tape: MixerTape(width: 42, blockCount: 2, rowCapacity: rows),
        scratch: MixerScratch(width: 42, rowCapacity: rows)
      ) { $0.update(from: input.base, count: input.count) }
      return gradients
    }
  }

  private func expectSame(
    _ gradients: (ProductImplementation) throws -> ParameterBuffer<Float>,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let (expected, found) = (try gradients(.openBLAS), try gradients(.panels))
    let largest = expected.storage.readOnly.reduce(0) { max($0, abs($1)) }
    for tensor in expected.layout.tensors {
      let worst = zip(expected.values(tensor), found.values(tensor)).reduce(0) { max($0, abs($1.0 - $1.1)) }
      #expect(worst <= 1e-5 * largest, "\(tensor.name)", sourceLocation: sourceLocation)
    }
  }
}
