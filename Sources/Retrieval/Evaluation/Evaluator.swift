public import Datasets
internal import EmbeddingStore
public import Mixers
public import Operations
internal import Synchronization
internal import Tensors

/// Measures how well a mode answers the queries of a split: over the whole collection, and as the paper's task.
public struct Evaluator: Sendable {
  public struct Options: Sendable {
    public var collection = "default"
    public var mode = SearchMode.automatic
    /// The first stage of the two-stage mode.
    public var proposals = SearchMode.hybrid
    /// A fusion to try instead of the one that the retriever's configuration records.
    public var fusion: RetrievalMixerConfiguration.Fusion?
    /// C: the match and C − 2 others stand beside the query.
    public var width = 128
    /// Draws for the paper's task; 0 leaves it out.
    public var trials = 5
    public var seed: UInt64 = 0

    public init() {}
  }

  /// How deep the lists are that metrics and runs are made from.
  public static let depth = 127

  let engine: SearchEngine
  let options: Options

  public init(_ engine: SearchEngine, _ options: Options) {
    self.engine = engine
    self.options = options
  }

  /// Evaluates a split.
  ///
  /// - Parameters:
  ///   - known: the queries' embeddings, where they were computed before; nil embeds them if the mode needs it.
  ///   - advanced: called from any worker with the number of queries just finished.
  /// - Returns: the report, and each query's ranked list, for a TREC run.
  /// - Throws: ``RetrievalError`` when the split names stories that the collection does not have.
  public func evaluate(
    _ queries: [JudgedQuery], embeddings known: [[Float]]? = nil, dataset: String, split: String,
    cancellation: Cancellation? = nil, advanced: @Sendable (Int) -> Void = { _ in }
  ) throws -> (report: EvaluationReport, run: [RankedQuery]) {
    let search = try engine.collection(options.collection).trying(options.fusion)
    let mode = try search.resolve(options.mode)
    try requireStories(of: queries, search.information)
    let embeddings = mode.needsEmbedding ? try known ?? embed(queries, search.information, cancellation) : []
    let stories = Set(queries.flatMap(\.relevantIDs)).sorted { $0.precedesByBytes($1) }
    let ranker = WidthRanker(search: search, mode: mode)
    let results = Mutex([Outcome?](repeating: nil, count: queries.count))

    try WorkerPool.forEach(count: queries.count, threads: engine.threads) { _, index in
      try cancellation?.check()
      let query = SearchQuery(
        text: queries[index].text, embedding: embeddings.isEmpty ? nil : embeddings[index])
      let limit = min(Self.depth, search.information.documents)
      let ranked = try search.rank(
        query, mode: mode, limit: limit, proposals: options.proposals, threads: 1, cancellation: cancellation
      ).documents
      var wins = 0
      if options.trials > 0 {
        let prepared = try ranker.prepare(query)
        for trial in 0..<options.trials {
          let (match, candidates) = draw(queries[index], index, trial, from: stories)
          if try ranker.best(of: candidates, prepared, cancellation: cancellation) == match { wins += 1 }
        }
      }
      let outcome = Outcome(ranked: ranked, share: options.trials > 0 ? Double(wins) / Double(options.trials) : 0)
      results.withLock { $0[index] = outcome }
      advanced(1)
    }

    let outcomes = results.withLock { $0.compactMap { $0 } }
    let lists = zip(queries, outcomes).map { (ranked: $1.ranked.map(\.id), relevant: Set($0.relevantIDs)) }
    let report = EvaluationReport(
      dataset: dataset, split: split, mode: mode.rawValue, queries: queries.count, corpus: search.information.documents,
      seed: options.seed, metrics: MetricMeans(lists), width: width(outcomes.map(\.share), stories: stories.count))
    let run = zip(queries, outcomes).map { query, outcome in
      RankedQuery(
        queryID: query.id, entries: outcome.ranked.map { RankedQuery.Entry(storyID: $0.id, score: $0.score) })
    }
    return (report, run)
  }

  private struct Outcome: Sendable {
    let ranked: [ScoredDocument]
    /// The share of the draws in which the match came first.
    let share: Double
  }

  /// The match and others of the same split's stories, in ascending order of their ids.
  private func draw(
    _ query: JudgedQuery, _ index: Int, _ trial: Int, from stories: [String]
  ) -> (match: String, candidates: [String]) {
    let relevant = Set(query.relevantIDs)
    let match = query.relevantIDs[0]
    // A generator for each query and trial: the draw does not depend on the order of evaluation.
    var generator = SeededGenerator(
      seed: options.seed &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(index) &* 0xD1B5_4A32_D192_ED03 &+ UInt64(trial))
    let others = stories.filter { !relevant.contains($0) }
    let chosen = generator.distinct(min(options.width - 2, others.count), below: others.count).map { others[$0] }
    return (match, ([match] + chosen).sorted { $0.precedesByBytes($1) })
  }

  private func width(_ shares: [Double], stories: Int) -> EvaluationReport.Width {
    let count = Double(shares.count)
    let mean = shares.isEmpty ? 0 : shares.reduce(0, +) / count
    let variance = shares.count < 2 ? 0 : shares.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
    return EvaluationReport.Width(
      candidates: min(options.width - 1, stories), top1: mean,
      standardError: shares.isEmpty ? 0 : (variance / count).squareRoot(), trials: options.trials)
  }

  func embed(
    _ queries: [JudgedQuery], _ information: CollectionInfo, _ cancellation: Cancellation?
  ) throws -> [[Float]] {
    let embedder = try engine.models.embedder(matching: information.fingerprint, collection: information.name)
    return try embedder.embed(
      queries.map(\.text), threads: engine.threads, cancellation: cancellation, describe: { "query \(queries[$0].id)" }
    ).map(\.embedding)
  }

  /// A split measured over a collection without its stories would give wrong figures, not low ones.
  private func requireStories(of queries: [JudgedQuery], _ information: CollectionInfo) throws {
    guard !queries.isEmpty else { throw RetrievalError(.badInput, "the split has no query") }
    let needed = Set(queries.flatMap(\.relevantIDs))
    let found = try engine.store.hashes(in: information.name, of: Array(needed))
    guard let missing = needed.subtracting(found.keys).min() else { return }
    throw RetrievalError(
      .badInput, "the collection \"\(information.name)\" lacks stories of the split",
      expected: "all \(needed.count)", found: "\(found.count); \(missing) is missing",
      hint: "index the dataset's corpus first")
  }
}
