import Foundation
import Mixers
import Operations
import Tensors

@testable import Training

/// Small runs of every trainer, each a second at most in a debug build.
enum Tiny {
  static let configuration = MaskedMixerConfiguration(
    vocabularySize: 23, hiddenSize: 8, blockCount: 2, contextLength: 12, appendsEndOfText: true)

  /// Texts in which every token is the one before plus one.
  static func texts(_ count: Int, seed: UInt64) throws -> [TokenWindow] {
    var generator = SeededGenerator(seed: seed)
    return try (0..<count).map { _ in
      let start = generator.uniform(below: 8)
      let tokens = (0..<3 + generator.uniform(below: 8)).map { Int32(3 + (start + $0) % 20) }
      return try TokenWindow(tokens, endOfText: 2, configuration: configuration)
    }
  }

  /// What this processor can train in.
  static let precisions = [Precision.float32, .bfloat16].filter(\.isSupported)

  static func languageModel(
    threads: Int = 2, dropout: Double = 0.1, seed: UInt64 = 1, precision: Precision = .float32
  ) throws -> LanguageModelTask {
    let corpora = try [(30, UInt64(1), 2.0), (20, 2, 1)].map { count, seed, weight in
      TextCorpus(ids: (0..<count).map { "s\(seed)-\($0)" }, texts: try texts(count, seed: seed), weight: weight)
    }
    return LanguageModelTask(
      configuration, parameters: try ModelInitialization.maskedMixer(configuration, seed: seed), corpora: corpora,
      heldOut: try texts(6, seed: 3), batchTokens: 60, dropout: dropout, seed: seed, threads: threads, packRows: 16,
      precision: precision)
  }

  /// 12 stories with one query each, and, if asked, two more for each but the last.
  static func embedderPairs(hasMore: Bool = true) throws -> EmbedderPairs {
    let stories = try texts(12, seed: 4)
    let queries = try texts(12, seed: 5)
    let more = try texts(22, seed: 6)
    return EmbedderPairs(
      stories: stories, storyIDs: (0..<12).map { "s\($0)" },
      sources: [
        EmbedderPairs.Source(
          (0..<12).map {
            EmbedderPairs.Pair(id: "q\($0)", query: queries[$0], story: $0, negatives: [($0 + 1) % 12])
          }),
        EmbedderPairs.Source(
          (0..<(hasMore ? 22 : 0)).map { EmbedderPairs.Pair(id: "p\($0)", query: more[$0], story: $0 / 2) }),
      ])
  }

  static func embedder(
    threads: Int = 2, activationBytes: Int = 1 << 20, dropout: Double = 0.1, selfSupervisedShare: Double = 0.3,
    queriesPerStory: Int = 2, tokenDropout: Double = 0.1, precision: Precision = .float32
  ) throws -> EmbedderTask {
    let pairs = try embedderPairs(hasMore: queriesPerStory > 1)
    let queries = pairs.sources[0].pairs.map(\.query)
    var options = EmbedderTask.Options()
    options.batch = 6
    options.queriesPerStory = queriesPerStory
    options.tokenDropout = tokenDropout
    options.hardNegatives = 1
    options.selfSupervisedShare = selfSupervisedShare
    options.selfSupervision.spanTokens = 2...4
    options.storyTokens = 8
    options.dropout = dropout
    options.packRows = 16
    options.activationBytes = activationBytes
    options.precision = precision
    return EmbedderTask(
      configuration, initial: try ModelInitialization.maskedMixer(configuration, seed: 2), endOfText: 2, pairs: pairs,
      evaluations: [("dev", EmbedderEvaluation(queries: queries, stories: pairs.stories, answers: Array(0..<12)))],
      options: options, threads: threads)
  }

  /// Pairs whose target is the query plus noise.
  static func embeddings(_ count: Int, width: Int = 8, seed: UInt64) -> EmbeddingPairs {
    var generator = SeededGenerator(seed: seed)
    let queries = (0..<count * width).map { _ in Float(generator.normal()) }
    return EmbeddingPairs(
      width: width, queries: queries, targets: queries.map { $0 + 0.2 * Float(generator.normal()) + 1 },
      queryIDs: (0..<count).map { "q\($0)" }, targetIDs: (0..<count).map { "s\($0)" })
  }

  static func retriever(
    threads: Int = 2, dropout: Double = 0.1, precision: Precision = .float32
  ) throws -> RetrieverTask {
    let configuration = RetrievalMixerConfiguration(hiddenSize: 8, blockCount: 2, contextWidth: 6)
    let pairs = embeddings(20, seed: 6)
    var options = RetrieverTask.Options()
    options.batch = 7
    options.packContexts = 2
    options.dropout = dropout
    options.hardNegatives = ["q1": ["s2", "s3"]]
    options.hardShare = 0.4
    options.precision = precision
    return try RetrieverTask(
      configuration, parameters: try ModelInitialization.retrievalMixer(configuration, seed: 3),
      inputs: RetrievalInputs(
        width: 8, fillers: [Float](repeating: 0, count: 40),
        candidateStandardization: InputStandardization.measure(pairs.targets, width: 8),
        queryStandardization: InputStandardization.measure(pairs.queries, width: 8)),
      pairs: pairs, development: embeddings(10, seed: 7), options: options, threads: threads)
  }

  static func projection() throws -> ProjectionTask {
    var options = ProjectionTask.Options()
    options.batch = 8
    return try ProjectionTask(pairs: embeddings(20, seed: 6), development: embeddings(10, seed: 7), options: options)
  }

  static func options(
    steps: Int, rate: Double = 0.01, checkpointEvery: Int = 4, resumes: Bool = false, settings: [String: String] = [:],
    precision: Precision = .float32
  ) -> TrainingOptions {
    TrainingOptions(
      schedule: LearningRateSchedule(peak: rate, warmUp: 2, total: steps), checkpointEvery: checkpointEvery,
      evaluateEvery: 3, logEvery: 2, threads: 2, resumes: resumes, settings: settings,
      precision: precision)
  }
}

/// A folder that is removed with its owner.
final class TemporaryFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent("training-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  var run: TrainingFolder { TrainingFolder(url) }

  deinit { try? FileManager.default.removeItem(at: url) }
}
