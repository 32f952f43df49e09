public import Datasets
internal import EmbeddingStore
public import Mixers
public import Operations

/// Decides on development splits what the `auto` mode of a retriever means: fits the fusion of BM25 and the dense
/// stage, then measures every mode.
public struct ModeTuner: Sendable {
  public struct Options: Sendable {
    public var collection = "default"
    /// The modes that compete; a retriever without a projection leaves `projection` out.
    public var modes: [SearchMode] = [.bm25, .cosine, .projection, .hybrid, .twoStage]

    public init() {}
  }

  /// The queries of a split.
  public struct Split: Sendable {
    public let name: String
    public let queries: [JudgedQuery]

    public init(name: String, queries: [JudgedQuery]) {
      self.name = name
      self.queries = queries
    }
  }

  public struct Report: Sendable, Codable, Equatable {
    public struct Figures: Sendable, Codable, Equatable {
      public let accuracyAt1: Double
      public let reciprocalRankAt10: Double

      enum CodingKeys: String, CodingKey {
        case accuracyAt1 = "accuracy@1"
        case reciprocalRankAt10 = "mrr@10"
      }
    }

    public let fusion: RetrievalMixerConfiguration.Fusion
    public let automatic: RetrievalMixerConfiguration.AutomaticMode
    /// By mode and split.
    public let figures: [String: [String: Figures]]
  }

  private let engine: SearchEngine
  private let options: Options

  public init(_ engine: SearchEngine, _ options: Options = Options()) {
    self.engine = engine
    self.options = options
  }

  /// Fits and measures.
  ///
  /// The winner is the mode with the best mean reciprocal rank, averaged over the splits; of equals the first, as the
  /// modes are listed from the cheapest.
  ///
  /// - Parameters:
  ///   - splits: never test splits. The first is the one that matters most to the fusion (``FusionTuner/best(_:queries:)``); its
  ///     accuracy is recorded.
  ///   - progress: called with what is being done and how many of how many queries are done.
  /// - Throws: what evaluating throws.
  public func tune(
    _ splits: [Split], dataset: String, cancellation: Cancellation? = nil,
    progress: @escaping @Sendable (_ stage: String, _ advanced: Int, _ total: Int) -> Void = { _, _, _ in }
  ) throws -> Report {
    precondition(!splits.isEmpty, "no split to tune on")
    let total = splits.reduce(0) { $0 + $1.queries.count }
    let search = try engine.collection(options.collection)
    let hasProjection = try search.retriever().projection != nil
    let stages: [SearchMode] = hasProjection ? [.cosine, .projection] : [.cosine]

    // Once for the fusion and all modes.
    let plain = Evaluator(engine, Evaluator.Options())
    let embeddings = try splits.map { try plain.embed($0.queries, search.information, cancellation) }
    let embedded = zip(splits, embeddings).map { split, embeddings in
      zip(split.queries, embeddings).map { (query: $0, embedding: $1) }
    }
    var best: (trial: FusionTuner.Trial, dense: SearchMode)?
    for dense in stages {
      let trials = try FusionTuner(search, dense: dense, threads: engine.threads).trials(
        embedded, cancellation: cancellation
      ) { progress("fusion with \(dense.rawValue)", $0, total) }
      let trial = FusionTuner.best(trials, queries: splits[0].queries.count)
      if let trial, trial.score > best?.trial.score ?? -1 { best = (trial, dense) }
    }
    guard let best else { throw RetrievalError(.failed, "there is nothing to fuse") }
    let fusion = RetrievalMixerConfiguration.Fusion(
      dense: best.dense.rawValue, textWeight: best.trial.textWeight, fullTrustScore: best.trial.fullTrustScore,
      splits: splits.map(\.name))

    var figures: [String: [String: Report.Figures]] = [:]
    var winner: (mode: SearchMode, score: Double)?
    for mode in options.modes where mode != .projection || hasProjection {
      var score = 0.0
      for (split, embeddings) in zip(splits, embeddings) {
        var evaluation = Evaluator.Options()
        (evaluation.collection, evaluation.mode, evaluation.trials) = (options.collection, mode, 0)
        evaluation.fusion = fusion
        let metrics = try Evaluator(engine, evaluation).evaluate(
          split.queries, embeddings: embeddings, dataset: dataset, split: split.name, cancellation: cancellation
        ) { progress(mode.rawValue, $0, total) }.report.metrics
        figures[mode.rawValue, default: [:]][split.name] = Report.Figures(
          accuracyAt1: metrics.accuracyAt1, reciprocalRankAt10: metrics.reciprocalRankAt10)
        score += metrics.reciprocalRankAt10 / Double(splits.count)
      }
      if score > winner?.score ?? -1 { winner = (mode, score) }
    }
    guard let winner else { throw RetrievalError(.failed, "no mode was measured") }
    let first = splits[0].name
    return Report(
      fusion: fusion,
      automatic: RetrievalMixerConfiguration.AutomaticMode(
        mode: winner.mode.rawValue, split: first,
        accuracy: figures.compactMapValues { $0[first].map(\.accuracyAt1) }),
      figures: figures)
  }
}
