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

  /// Before any step, candidates rank as by their cosines, but for two of the D directions: the
  /// mean, which layer norms take out, and the one that the scores are written along.
  @Test func theSimilarityInitialisationRanksAsTheCosine() throws {
    let (width, count, contextWidth) = (256, 60, 16)
    var generator = SeededGenerator(seed: 9)
    let queries = (0..<count * width).map { _ in Float(generator.normal()) }
    // Noisy enough that the cosine errs now and then; rows of uneven length, which it does not see.
    let targets = queries.enumerated().map { index, value in
      (value + 3 * Float(generator.normal())) * (1 + 0.2 * Float((index / width) % 3))
    }
    let pairs = EmbeddingPairs(
      width: width, queries: queries, targets: targets, queryIDs: (0..<count).map { "q\($0)" },
      targetIDs: (0..<count).map { "s\($0)" })
    let configuration = RetrievalMixerConfiguration(hiddenSize: width, blockCount: 3, contextWidth: contextWidth)
    var options = RetrieverRun.Options(embeddings: [])
    options.mixing = .similarity
    let inputs = RetrieverRun(options, threads: 1).inputs(pairs, candidates: contextWidth - 1)
    let mixer = try RetrievalMixer(
      configuration, parameters: try ModelInitialization.retrievalMixer(configuration, mixing: .similarity, seed: 4),
      inputs: inputs)
    func values(_ rows: [Float], _ row: Int) -> ArraySlice<Float> { rows[row * width..<(row + 1) * width] }
    func seen(_ row: ArraySlice<Float>) -> [Float] {
      let (even, odd) = (0..<width).reduce(into: (Float(0), Float(0))) { sums, column in
        if column % 2 == 0 { sums.0 += row[row.startIndex + column] } else { sums.1 += row[row.startIndex + column] }
      }
      return row.enumerated().map { $1 - ($0 % 2 == 0 ? even : odd) / Float(width / 2) }
    }
    func cosine(_ query: Int, _ target: Int) -> Float {
      let (q, t) = (seen(values(queries, query)), seen(values(targets, target)))
      func length(_ row: [Float]) -> Float { row.reduce(0) { $0 + $1 * $1 }.squareRoot() }
      return zip(q, t).reduce(0) { $0 + $1.0 * $1.1 } / (length(q) * length(t))
    }
    for query in 0..<20 {
      let candidates = (0..<contextWidth - 1).map { (query + 3 * $0) % count }
      let context = ([values(queries, query)] + candidates.map { values(targets, $0) }).flatMap(\.self)
      let scores = try mixer.score(contexts: 1, threads: 1) { _, rows in
        rows.update(from: context, count: context.count)
        return candidates.count
      }[0]
      let cosines = candidates.map { cosine(query, $0) }
      #expect(correlation(ranks(scores), ranks(cosines)) > 0.95)
    }
  }

  private func ranks(_ values: [Float]) -> [Float] { values.map { value in Float(values.count { $0 < value }) } }

  private func correlation(_ a: [Float], _ b: [Float]) -> Double {
    func centred(_ values: [Float]) -> [Double] {
      let mean = values.reduce(0) { $0 + Double($1) } / Double(values.count)
      return values.map { Double($0) - mean }
    }
    func product(_ x: [Double], _ y: [Double]) -> Double { zip(x, y).reduce(0) { $0 + $1.0 * $1.1 } }
    let (x, y) = (centred(a), centred(b))
    return product(x, y) / (product(x, x) * product(y, y)).squareRoot()
  }

  @Test func hardContextsOfTheDevelopmentQueriesAreMeasuredToo() throws {
    let configuration = RetrievalMixerConfiguration(hiddenSize: 8, blockCount: 2, contextWidth: 6)
    let pairs = Tiny.embeddings(10, seed: 7)
    // Copies of every target compete with it: one of two is the match.
    let development = EmbeddingPairs(
      width: 8, queries: Array(pairs.queries.readOnly), targets: Array(pairs.targets.readOnly) + pairs.targets.readOnly,
      queryIDs: pairs.queryIDs, targetIDs: pairs.targetIDs, moreStoryIDs: (0..<10).map { "copy \($0)" })
    var options = RetrieverTask.Options()
    options.hardNegatives = Dictionary(uniqueKeysWithValues: (0..<10).map { ("q\($0)", ["copy \($0)"]) })
    options.evaluationTrials = 20
    let task = try RetrieverTask(
      configuration, parameters: try ModelInitialization.retrievalMixer(configuration, mixing: .similarity, seed: 3),
      inputs: RetrievalInputs(width: 8, fillers: [Float](repeating: 0, count: 40)), pairs: pairs,
      development: development, options: options, threads: 1)
    let evaluation = try #require(try task.evaluate())
    let (random, hard) = (try #require(evaluation.figures["top-1"]), try #require(evaluation.figures["hard top-1"]))
    #expect(random > 0.8 && hard < random - 0.2)
    #expect(evaluation.score == (random + hard) / 2)
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
