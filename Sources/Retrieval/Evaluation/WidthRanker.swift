internal import EmbeddingStore
internal import Operations

/// Decides which of a few candidates a mode puts first: the paper's task of width C.
///
/// For first stages, a candidate's place among the few follows from its place in the whole collection; a fusion
/// ranks the few in each of its lists anew. For the modes with a retrieval mixer, the few are one context.
struct WidthRanker: Sendable {
  let search: CollectionSearch
  let mode: SearchMode

  /// What one query needs for all its draws.
  struct Prepared: Sendable {
    /// For each list, the place and the score of each document that is in it.
    fileprivate let lists: [[String: (place: Int, score: Double)]]
    fileprivate let fusion: (any RankFusion)?
    fileprivate let embedding: [Float]?
  }

  func prepare(_ query: SearchQuery) throws -> Prepared {
    let count = search.information.documents
    func list(_ source: any CandidateSource) throws -> [String: (place: Int, score: Double)] {
      let ranked = try source.candidates(for: query, limit: count)
      return Dictionary(uniqueKeysWithValues: ranked.enumerated().map { ($1.id, ($0, $1.score)) })
    }
    switch mode {
    case .twoStage, .tournament: return Prepared(lists: [], fusion: nil, embedding: try query.requireEmbedding())
    case .hybrid:
      guard let fused = try search.firstStage(.hybrid, nil) as? FusedCandidates else {
        throw RetrievalError(.failed, "the hybrid stage is no fusion")
      }
      return Prepared(lists: try fused.sources.map(list), fusion: fused.fusion, embedding: nil)
    case .automatic, .bm25, .cosine, .projection:
      return Prepared(lists: [try list(search.firstStage(mode, nil))], fusion: nil, embedding: nil)
    }
  }

  /// The best of `candidates`, which are ascending ids.
  func best(of candidates: [String], _ prepared: Prepared, cancellation: Cancellation?) throws -> String? {
    if let embedding = prepared.embedding {
      let vectors = try search.store.vectors(of: search.information.name)
      let rows = candidates.compactMap { vectors.index(of: $0) }
      let scorer = ContextScorer(try search.retriever(), threads: 1)
      return try Tournament(scorer).rank(
        query: embedding, candidates: rows.sorted(), of: vectors, k: 1, cancellation: cancellation
      ).first.map { vectors.id(at: $0.index) }
    }
    let lists = prepared.lists.map { list in
      candidates.compactMap { id in list[id].map { (id: id, place: $0.place, score: $0.score) } }
        .sorted { $0.place < $1.place }.map { ScoredDocument(id: $0.id, score: $0.score) }
    }
    let ranked = prepared.fusion?.fuse(lists) ?? lists[0]
    return ranked.first?.id ?? candidates.first
  }
}
