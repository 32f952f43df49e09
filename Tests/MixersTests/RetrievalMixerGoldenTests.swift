import Checkpoints
import Mixers
import Tensors
import Testing

@Suite struct RetrievalMixerGoldenTests {
  private static let tolerance: Float = 1e-5

  private let golden: SafetensorsFile

  init() throws {
    golden = try Golden.values("retrieval-mixer")
  }

  @Test(arguments: [1, 2], implementations)
  func scoresEqualPyTorch(threads: Int, products: ProductImplementation) throws {
    let model = try RetrievalMixer(Golden.model("retrieval-mixer"), products: products)
    let input = try golden.floats("input")
    let size = model.configuration.contextWidth * model.width
    let scores = try model.score(contexts: 5, threads: threads) {
      [slots = model.configuration.candidateCount] index, rows in
      input.withUnsafeBufferPointer { rows.update(from: $0.baseAddress! + index * size, count: size) }
      return slots
    }
    #expect(relativeError(scores.flatMap(\.self), try golden.floats("scores")) < products.tolerance)
    let labels = try golden.integers("labels")
    let loss = crossEntropy(zip(scores, labels).map { ($0, Int($1)) })
    #expect(relativeError([loss], try golden.floats("loss")) < products.tolerance)
  }

  @Test func referenceEqualsPyTorch() throws {
    let model = try RetrievalMixer(Golden.model("retrieval-mixer"))
    let input = try golden.floats("input")
    let (rows, width) = (model.configuration.contextWidth, model.width)
    let scores = (0..<5).flatMap { context in
      ReferenceForward.scores(
        model.configuration, model.parameters,
        rows: (0..<rows).map { Array(input[(context * rows + $0) * width..<(context * rows + $0 + 1) * width]) })
    }
    #expect(relativeError(scores, try golden.floats("scores")) < Self.tolerance)
  }
}
