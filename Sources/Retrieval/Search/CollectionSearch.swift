internal import EmbeddingStore
internal import Mixers
public import Operations
public import Tensors

/// Searches one collection as it is now: the store's snapshot of its vectors, and the models that fit it.
///
/// A value is made for each search (or once for an evaluation) from what ``SearchEngine`` keeps.
public struct CollectionSearch: Sendable {
  let store: any DocumentStore
  let information: CollectionInfo
  let engine: SearchEngine
  /// What the retriever's configuration says, where it is about this collection's embeddings. Read once for a search,
  /// so that one search goes by one state of the file.
  private let recorded: RetrievalMixerConfiguration?
  private var triedFusion: RetrievalMixerConfiguration.Fusion?

  init(store: any DocumentStore, information: CollectionInfo, engine: SearchEngine) {
    self.store = store
    self.information = information
    self.engine = engine
    let configuration = try? engine.models.retrieverConfiguration()
    recorded = configuration?.maskedMixerFingerprint == information.fingerprint ? configuration : nil
  }

  /// What `auto` means here: the recorded winner where the retriever reads this collection's embeddings, else `bm25`,
  /// which needs nothing of the models.
  func resolve(_ mode: SearchMode) throws -> SearchMode {
    guard mode == .automatic else { return mode }
    guard let recorded = recorded?.automaticMode, let winner = SearchMode(rawValue: recorded.mode), winner != .automatic
    else { return .bm25 }
    return winner
  }

  /// Whether `auto` was decided for this collection's embeddings; otherwise it is `bm25`.
  public var isAutomaticRecorded: Bool { recorded?.automaticMode != nil }

  /// What was learned for the hybrid stage over this collection's embeddings, or is tried in its place.
  var fusion: RetrievalMixerConfiguration.Fusion? { triedFusion ?? recorded?.fusion }

  /// The same search with another fusion than the recorded one.
  func trying(_ fusion: RetrievalMixerConfiguration.Fusion?) -> CollectionSearch {
    var search = self
    search.triedFusion = fusion
    return search
  }

  /// Ranks the collection's documents for one query.
  ///
  /// - Parameters:
  ///   - mode: not `auto`.
  ///   - limit: how many documents are wanted.
  ///   - proposals: the first stage of the two-stage mode.
  public func rank(
    _ query: SearchQuery, mode: SearchMode, limit: Int, proposals: SearchMode = .hybrid,
    threads: Int = WorkerPool.defaultThreads, cancellation: Cancellation? = nil
  ) throws -> Ranking {
    let clock = ContinuousClock()
    let start = clock.now
    switch mode {
    case .tournament:
      let vectors = try store.vectors(of: information.name)
      let scope = try scope(vectors, query.filter)
      let scorer = ContextScorer(try retriever(), threads: threads)
      let ready = clock.now
      let placings = try Tournament(scorer).rank(
        query: try query.requireEmbedding(), candidates: scope.indices, of: vectors, k: limit,
        cancellation: cancellation)
      return Ranking(
        documents: placings.prefix(limit).map { ScoredDocument(id: vectors.id(at: $0.index), score: Double($0.score)) },
        candidateMilliseconds: (ready - start).milliseconds, scoreMilliseconds: (clock.now - ready).milliseconds)
    case .twoStage:
      let scorer = ContextScorer(try retriever(), threads: threads)
      let proposed = try firstStage(proposals, query.filter).candidates(for: query, limit: max(limit, scorer.capacity))
      let ready = clock.now
      let documents = try rerank(proposed, query, scorer, cancellation).prefix(limit)
      return Ranking(
        documents: Array(documents), candidateMilliseconds: (ready - start).milliseconds,
        scoreMilliseconds: (clock.now - ready).milliseconds)
    case .automatic, .bm25, .cosine, .projection, .hybrid:
      let documents = try firstStage(mode, query.filter).candidates(for: query, limit: limit)
      return Ranking(documents: documents, candidateMilliseconds: (clock.now - start).milliseconds)
    }
  }

  /// The first stage of a mode; for modes that are no first stage, the one they build on.
  func firstStage(_ mode: SearchMode, _ filter: MetadataFilter?) throws -> any CandidateSource {
    switch mode {
    case .automatic, .bm25: return FullTextCandidates(store: store, collection: information.name)
    case .cosine:
      let vectors = try store.vectors(of: information.name)
      return CosineCandidates(vectors: vectors, scope: try scope(vectors, filter))
    case .projection:
      let retriever = try retriever()
      guard let projection = retriever.projection else {
        throw RetrievalError(
          .badInput, "the retriever has no projection", at: "mode", expected: "a retriever trained with one",
          hint: "use --mode cosine, bm25 or hybrid")
      }
      let vectors = try store.vectors(of: information.name)
      return ProjectionCandidates(
        projection: projection, vectors: vectors, scope: try scope(vectors, filter),
        mapped: engine.projected(vectors, by: projection, collection: information.name))
    case .hybrid, .twoStage, .tournament:
      if let learned = fusion, let dense = SearchMode(rawValue: learned.dense) {
        return FusedCandidates(
          [try firstStage(.bm25, filter), try firstStage(dense, filter)],
          by: WeightedFusion(learned))
      }
      // The best dense stage there is: the learned projection where the retriever has one for this model.
      let hasProjection = (try? retriever())?.projection != nil
      return FusedCandidates(
        [try firstStage(.bm25, filter), try firstStage(hasProjection ? .projection : .cosine, filter)],
        by: ReciprocalRankFusion())
    }
  }

  /// Orders the first C − 1 proposals by one context, slots in ascending order of their ids; the others follow as proposed.
  private func rerank(
    _ proposed: [ScoredDocument], _ query: SearchQuery, _ scorer: ContextScorer, _ cancellation: Cancellation?
  ) throws -> [ScoredDocument] {
    let vectors = try store.vectors(of: information.name)
    let head = proposed.prefix(scorer.capacity).compactMap { vectors.index(of: $0.id) }.sorted()
    guard !head.isEmpty else { return proposed }
    let scores = try scorer.score(
      query: try query.requireEmbedding(), groups: [head[...]], of: vectors, cancellation: cancellation)[0]
    let order = zip(head, scores).sorted { $0.1 != $1.1 ? $0.1 > $1.1 : $0.0 < $1.0 }
    return order.map { ScoredDocument(id: vectors.id(at: $0.0), score: Double($0.1)) }
      + proposed.dropFirst(scorer.capacity)
  }

  func retriever() throws -> RetrievalMixer {
    try engine.models.retriever(for: information.fingerprint, dimension: information.dimension)
  }

  private func scope(_ vectors: VectorSet, _ filter: MetadataFilter?) throws -> DocumentScope {
    try DocumentScope(vectors, filter: filter, store: store, collection: information.name)
  }
}
