import Foundation
import Mixers
import Operations
import Tensors
import Testing

@testable import Training

/// Every trainer learns, whatever its threads and memory.
@Suite struct TrainerTests {
  @Test func theLanguageModelLearns() throws {
    let folder = try TemporaryFolder()
    var loop = try TrainingLoop(
      Tiny.languageModel(dropout: 0), options: Tiny.options(steps: 80, rate: 0.02, checkpointEvery: 100),
      folder: folder.run)
    let before = try #require(try loop.task.evaluate()).figures["loss"] ?? 0
    let summary = try loop.run()
    let after = try #require(summary.evaluation?["loss"])
    #expect(before > 3 && after < 1.5)
    #expect(abs((summary.evaluation?["perplexity"] ?? 0) - exp(after)) < 1e-9)
    let configuration = Tiny.configuration
    for block in 0..<configuration.blockCount {
      let weight = loop.task.parameters.pointer("mixerblocks.\(block).conv.weight")
      for row in 0..<configuration.contextLength {
        for column in row + 1..<max(row + 1, configuration.contextLength) {
          #expect(weight[row * configuration.contextLength + column] == 0, "the mask leaks")
        }
      }
    }
  }

  @Test func theEmbedderLearns() throws {
    let folder = try TemporaryFolder()
    var loop = try TrainingLoop(
      Tiny.embedder(dropout: 0, selfSupervisedShare: 0),
      options: Tiny.options(steps: 120, rate: 0.02, checkpointEvery: 100), folder: folder.run)
    let before = try #require(try loop.task.evaluate()).score
    let summary = try loop.run()
    #expect((summary.evaluation?["mrr"] ?? 0) > before + 0.2)
    #expect(try MaskedMixer(Tiny.configuration, parameters: loop.task.modelParameters).width == 8)
  }

  @Test func theRetrieverLearns() throws {
    let folder = try TemporaryFolder()
    var loop = try TrainingLoop(
      Tiny.retriever(dropout: 0), options: Tiny.options(steps: 80, rate: 0.01, checkpointEvery: 100), folder: folder.run
    )
    let summary = try loop.run()
    #expect((summary.evaluation?["top-1"] ?? 0) > 0.45, "chance is 0.2")
  }

  @Test func theProjectionLearns() throws {
    let folder = try TemporaryFolder()
    var loop = try TrainingLoop(
      Tiny.projection(), options: Tiny.options(steps: 60, rate: 0.02, checkpointEvery: 100), folder: folder.run)
    let before = try #require(try loop.task.evaluate()).score
    #expect(before < 1)
    #expect((try loop.run().evaluation?["mrr"] ?? 0) >= before)
    #expect(loop.task.projection.outputWidth == 8)
  }

  @Test func activationsThatAreComputedTwiceGiveTheSameGradients() throws {
    let gradients = try [1, 1 << 24].map { bytes in
      var task = try Tiny.embedder(activationBytes: bytes)
      _ = try task.computeGradients(step: 1)
      _ = try task.gradients.reduce(threads: 2)
      return Array(task.gradients.sum.storage.readOnly)
    }
    let isSame = gradients[0] == gradients[1]
    #expect(isSame)
    #expect(gradients[0].contains { $0 != 0 })
  }

  /// In another order of addition, but the same sum.
  @Test func threadsDoNotChangeTheGradientBeyondRounding() throws {
    func gradients<Task: TrainingTask>(_ task: Task) throws -> [Float] {
      var task = task
      _ = try task.computeGradients(step: 1)
      _ = try task.gradients.reduce(threads: 2)
      return Array(task.gradients.sum.storage.readOnly)
    }
    func expectEqual(_ a: [Float], _ b: [Float]) {
      let largest = a.reduce(0) { max($0, abs($1)) }
      #expect(zip(a, b).allSatisfy { abs($0 - $1) < 1e-4 * largest })
    }
    expectEqual(
      try gradients(Tiny.languageModel(threads: 1, dropout: 0)),
      try gradients(Tiny.languageModel(threads: 3, dropout: 0)))
    expectEqual(
      try gradients(Tiny.embedder(threads: 1, dropout: 0)), try gradients(Tiny.embedder(threads: 3, dropout: 0)))
    expectEqual(
      try gradients(Tiny.retriever(threads: 1, dropout: 0)), try gradients(Tiny.retriever(threads: 3, dropout: 0)))
  }

  @Test func theBroadcastInitialisationCopiesTheQuery() throws {
    let configuration = RetrievalMixerConfiguration(hiddenSize: 8, blockCount: 2, contextWidth: 6)
    let weights = try ModelInitialization.retrievalMixer(configuration, seed: 1).pointer("mixerblocks.1.conv.weight")
    #expect((1..<6).allSatisfy { weights[$0 * 6] == 1 })
    #expect(weights[0] != 1 && (1..<6).allSatisfy { abs(weights[$0]) <= 0.1 / Float(6).squareRoot() })
    let other = try ModelInitialization.retrievalMixer(configuration, mixing: .uniform, seed: 1)
    #expect((0..<36).contains { abs(other.pointer("mixerblocks.1.conv.weight")[$0]) > 0.1 })
  }

  @Test func theStandardisationHasMeanZeroAndDeviationOne() {
    let pairs = Tiny.embeddings(50, seed: 1)
    let standardization = InputStandardization.measure(pairs.targets, width: 8)
    let result = InputStandardization.apply(standardization, to: pairs.targets, width: 8)
    for column in 0..<8 {
      let values = (0..<50).map { Double(result.base[$0 * 8 + column]) }
      let mean = values.reduce(0, +) / 50
      #expect(abs(mean) < 1e-5)
      #expect(abs(values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 50 - 1) < 1e-4)
    }
    let constant = AlignedBuffer<Float>(zeros: 8)
    #expect(InputStandardization.measure(constant, width: 4).scale == [1, 1, 1, 1])
  }
}
