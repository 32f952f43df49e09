public import EmbeddingStore
internal import Mixers
public import Operations
internal import Synchronization
public import Tensors

/// From a summary to its stories: embeds the query, proposes candidates, scores them, and fetches the documents.
public final class SearchEngine: Sendable {
  public let store: any DocumentStore
  public let models: ModelSource
  public let threads: Int
  private let projections = Mutex<[String: (vectors: VectorSet, mapped: ProjectedVectors)]>([:])

  public init(store: any DocumentStore, models: ModelSource, threads: Int = WorkerPool.defaultThreads) {
    self.store = store
    self.models = models
    self.threads = threads
  }

  /// The collection as it is now.
  ///
  /// - Throws: ``RetrievalError`` naming the collections there are.
  public func collection(_ name: String) throws -> CollectionSearch {
    guard let information = try store.collection(name) else {
      let names = try store.collections().map(\.name)
      throw RetrievalError(
        .notFound, "there is no collection \"\(name.excerpt())\"", at: "collection",
        expected: names.isEmpty ? "an indexed store" : names.joined(separator: ", "))
    }
    return CollectionSearch(store: store, information: information, engine: self)
  }

  /// Answers one question.
  ///
  /// - Parameters:
  ///   - embedded: the query's embedding where the caller has it already, from a batch of several queries.
  ///   - threads: workers for this search, where the caller shares the cores out; nil takes the engine's number.
  /// - Throws: ``RetrievalError`` and what the store and the models throw.
  public func search(
    _ request: SearchRequest, embedded: EmbeddedText? = nil, threads: Int? = nil, cancellation: Cancellation? = nil
  ) throws -> SearchResponse {
    let clock = ContinuousClock()
    let start = clock.now
    try SearchRequest.validate(query: request.query)
    let collection = try collection(request.collection)
    let limit = try request.count(documents: collection.information.documents)
    let mode = try collection.resolve(request.mode)
    var timings = SearchResponse.Timings()
    var embedded = embedded
    if mode.needsEmbedding, embedded == nil { embedded = try embed(request.query, collection.information, &timings) }

    let query = SearchQuery(text: request.query, embedding: embedded?.embedding, filter: request.filter)
    let ranking = try collection.rank(
      query, mode: mode, limit: limit, proposals: request.proposals, threads: threads ?? self.threads,
      cancellation: cancellation)
    timings.candidates = ranking.candidateMilliseconds
    timings.score = ranking.scoreMilliseconds

    let results = try results(ranking.documents, in: request.collection)
    timings.total = (clock.now - start).milliseconds
    return SearchResponse(
      query: request.query, mode: mode.rawValue, collection: request.collection, results: results, timings: timings,
      truncated: embedded?.isTruncated == true ? true : nil)
  }

  /// The mode that would run, and whether it needs the query's embedding: for callers that embed in batches.
  public func plan(_ request: SearchRequest) throws -> (mode: SearchMode, fingerprint: String) {
    try SearchRequest.validate(query: request.query)
    let collection = try collection(request.collection)
    _ = try request.count(documents: collection.information.documents)
    return (try collection.resolve(request.mode), collection.information.fingerprint)
  }

  private func embed(
    _ text: String, _ information: CollectionInfo, _ timings: inout SearchResponse.Timings
  ) throws -> EmbeddedText {
    let clock = ContinuousClock()
    let embedder = try models.embedder(matching: information.fingerprint, collection: information.name)
    let start = clock.now
    let window = try embedder.tokenize(text)
    let tokenized = clock.now
    let embedding = try embedder.mixer.embed([window], threads: 1)
    timings.tokenize = (tokenized - start).milliseconds
    timings.embed = (clock.now - tokenized).milliseconds
    return EmbeddedText(
      text: text, tokenCount: window.tokens.count, isTruncated: window.isTruncated, embedding: embedding)
  }

  private func results(_ ranked: [ScoredDocument], in collection: String) throws -> [SearchResponse.Result] {
    let documents = try store.documents(ranked.map(\.id), in: collection)
    let byID = Dictionary(documents.map { ($0.id, $0) }) { first, _ in first }
    // A document that another process deleted since it was ranked is left out.
    return ranked.compactMap { scored in byID[scored.id].map { (scored, $0) } }.enumerated().map { offset, pair in
      SearchResponse.Result(
        rank: offset + 1, id: pair.0.id, score: pair.0.score, text: pair.1.text,
        metadata: pair.1.metadata.flatMap(JSONValue.init(parsing:)) ?? .object([:]))
    }
  }

  /// The collection's vectors in the projection's space, mapped once for each snapshot.
  func projected(_ vectors: VectorSet, by projection: Projection, collection: String) -> ProjectedVectors {
    if let kept = projections.withLock({ $0[collection] }), kept.vectors === vectors { return kept.mapped }
    let mapped = ProjectedVectors(projection, vectors)
    projections.withLock { $0[collection] = (vectors, mapped) }
    return mapped
  }
}
