public import EmbeddingStore
internal import Operations

/// A first stage: proposes documents of the whole collection, best first.
public protocol CandidateSource: Sendable {
  /// At most `limit` documents, best first; equal scores in ascending order of their ids.
  func candidates(for query: SearchQuery, limit: Int) throws -> [ScoredDocument]
}

/// A question as the first stages read it.
public struct SearchQuery: Sendable {
  public let text: String
  /// (D); nil for the modes that need none.
  public let embedding: [Float]?
  public let filter: MetadataFilter?

  public init(text: String, embedding: [Float]?, filter: MetadataFilter? = nil) {
    self.text = text
    self.embedding = embedding
    self.filter = filter
  }

  /// - Throws: ``RetrievalError`` when the query was not embedded, which is a fault of the caller.
  func requireEmbedding() throws -> [Float] {
    guard let embedding else { throw RetrievalError(.failed, "the query was not embedded") }
    return embedding
  }
}
