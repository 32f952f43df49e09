import Foundation
import Mixers
import Operations
import Tensors
import Testing

@testable import Training

/// Every trainer learns, whatever its threads and memory.
@Suite struct TrainerTests {
  @Test(arguments: Tiny.precisions) func theLanguageModelLearns(precision: Precision) throws {
    let folder = try TemporaryFolder()
    var loop = try TrainingLoop(
      Tiny.languageModel(dropout: 0, precision: precision),
      options: Tiny.options(steps: 80, rate: 0.02, checkpointEvery: 100),
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
      Tiny.embedder(dropout: 0, selfSupervisedShare: 0, queriesPerStory: 1, tokenDropout: 0),
      options: Tiny.options(steps: 120, rate: 0.02, checkpointEvery: 100), folder: folder.run)
    let before = try #require(try loop.task.evaluate()).score
    let summary = try loop.run()
    #expect((summary.evaluation?["mrr"] ?? 0) > before + 0.2)
    #expect(try MaskedMixer(Tiny.configuration, parameters: loop.task.modelParameters).width == 8)
  }

  @Test(arguments: Tiny.precisions) func theRetrieverLearns(precision: Precision) throws {
    let folder = try TemporaryFolder()
    var loop = try TrainingLoop(
      Tiny.retriever(dropout: 0, precision: precision),
      options: Tiny.options(steps: 80, rate: 0.01, checkpointEvery: 100), folder: folder.run)
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

  @Test(arguments: Tiny.precisions)
  func activationsThatAreComputedTwiceGiveTheSameGradients(precision: Precision) throws {
    let gradients = try [1, 1 << 24].map { bytes in
      var task = try Tiny.embedder(activationBytes: bytes, precision: precision)
      _ = try task.computeGradients(step: 1)
      _ = try task.gradients.reduce(threads: 2)
      return Array(task.gradients.sum.storage.readOnly)
    }
    let isSame = gradients[0] == gradients[1]
    #expect(isSame)
    #expect(gradients[0].contains { $0 != 0 })
  }

  /// The retriever is used in float32, so that is what decides which weights are kept.
  @Test(.enabled(if: Precision.bfloat16.isSupported)) func theRetrieverIsEvaluatedInFloat32WhateverItIsTrainedIn()
    throws
  {
    let figures = try [Precision.float32, .bfloat16].map {
      try #require(try Tiny.retriever(precision: $0).evaluate()).figures
    }
    #expect(figures[0] == figures[1])
    // What training computes for the same parameters is another loss.
    let losses = try [Precision.float32, .bfloat16].map { precision in
      var task = try Tiny.retriever(precision: precision)
      return try task.computeGradients(step: 1).loss
    }
    #expect(losses[0] != losses[1])
  }

  /// In another order of addition, but the same sum.
  @Test(arguments: Tiny.precisions) func threadsDoNotChangeTheGradientBeyondRounding(precision: Precision) throws {
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
      try gradients(Tiny.languageModel(threads: 1, dropout: 0, precision: precision)),
      try gradients(Tiny.languageModel(threads: 3, dropout: 0, precision: precision)))
    expectEqual(
      try gradients(Tiny.embedder(threads: 1, dropout: 0, precision: precision)),
      try gradients(Tiny.embedder(threads: 3, dropout: 0, precision: precision)))
    expectEqual(
      try gradients(Tiny.retriever(threads: 1, dropout: 0, precision: precision)),
      try gradients(Tiny.retriever(threads: 3, dropout: 0, precision: precision)))
  }

  @Test func theBroadcastInitialisationCopiesTheQuery() throws {
    let configuration = RetrievalMixerConfiguration(hiddenSize: 8, blockCount: 2, contextWidth: 6)
    let weights = try ModelInitialization.retrievalMixer(configuration, seed: 1).pointer("mixerblocks.1.conv.weight")
    #expect((1..<6).allSatisfy { weights[$0 * 6] == 1 })
    #expect(weights[0] != 1 && (1..<6).allSatisfy { abs(weights[$0]) <= 0.1 / Float(6).squareRoot() })
    let other = try ModelInitialization.retrievalMixer(configuration, mixing: .uniform, seed: 1)
    #expect((0..<36).contains { abs(other.pointer("mixerblocks.1.conv.weight")[$0]) > 0.1 })
  }

  /// Before any step, the match among 15 is found about as often as by the cosine itself.
  @Test func theSimilarityInitialisationRanksAsTheCosine() throws {
    let (width, count, contextWidth) = (64, 60, 16)
    var generator = SeededGenerator(seed: 9)
    let queries = (0..<count * width).map { _ in Float(generator.normal()) }
    // Noisy enough that the cosine errs now and then; rows of uneven length, which it does not see.
    let targets = queries.enumerated().map { index, value in
      (value + 3 * Float(generator.normal())) * (1 + 0.2 * Float((index / width) % 3))
    }
    let pairs = EmbeddingPairs(
      width: width, queries: queries, targets: targets, queryIDs: (0..<count).map { "q\($0)" },
      targetIDs: (0..<count).map { "s\($0)" })
    func evaluate(_ mixing: ModelInitialization.Mixing) throws -> Double {
      let configuration = RetrievalMixerConfiguration(hiddenSize: width, blockCount: 3, contextWidth: contextWidth)
      var options = RetrieverRun.Options(embeddings: "")
      options.mixing = mixing
      let inputs = RetrieverRun(options, threads: 1).inputs(pairs, candidates: contextWidth - 1)
      let task = try RetrieverTask(
        configuration, parameters: try ModelInitialization.retrievalMixer(configuration, mixing: mixing, seed: 4),
        inputs: inputs, pairs: pairs, development: pairs, options: RetrieverTask.Options(), threads: 2)
      return try #require(try task.evaluate()).score
    }
    func cosine(_ query: Int, _ target: Int) -> Float {
      let (q, t) = (queries[query * width..<(query + 1) * width], targets[target * width..<(target + 1) * width])
      let length = t.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return zip(q, t).reduce(0) { $0 + $1.0 * $1.1 } / length
    }
    // The chance that none of 14 others, of 59, is nearer.
    let expected =
      (0..<count).reduce(0.0) { sum, query in
        let better = (0..<count).count { cosine(query, $0) > cosine(query, query) }
        return sum + EmbedderEvaluation.winChance(better: better, all: count - 1, drawn: contextWidth - 2)
      } / Double(count)
    #expect(expected < 0.97)
    let similarity = try evaluate(.similarity)
    #expect(abs(similarity - expected) < 0.06)
    #expect(try evaluate(.broadcast) < 0.4)
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
