public import EmbeddingStore

/// Cosine of the raw embeddings.
///
/// Works for embedders trained with it; embeddings of a plain language model rank at chance.
public struct CosineCandidates: CandidateSource {
  let vectors: VectorSet
  let scope: DocumentScope

  public init(vectors: VectorSet, scope: DocumentScope) {
    self.vectors = vectors
    self.scope = scope
  }

  public func candidates(for query: SearchQuery, limit: Int) throws -> [ScoredDocument] {
    vectors.top(limit, by: .cosine, to: try query.requireEmbedding(), where: scope.contains).map {
      ScoredDocument(id: vectors.id(at: $0.index), score: Double($0.score))
    }
  }
}
