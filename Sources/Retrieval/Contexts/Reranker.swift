public import Operations

/// Orders given texts by how well they answer a query, with the retrieval mixer.
public struct Reranker: Sendable {
  /// One text's place.
  public struct Result: Sendable, Equatable {
    /// Its number among the texts given.
    public let index: Int
    /// Comparable only within one answer. Strictly falls from one round of the tournament to the next.
    public let score: Float
    public let round: Int
  }

  let embedder: TextEmbedder
  let scorer: ContextScorer

  public init(embedder: TextEmbedder, scorer: ContextScorer) {
    self.embedder = embedder
    self.scorer = scorer
  }

  /// Best first. More texts than one context holds go through the tournament.
  ///
  /// - Throws: ``RetrievalError`` for a query or text that cannot be embedded.
  public func rerank(query: String, texts: [String], k: Int? = nil, cancellation: Cancellation? = nil) throws
    -> [Result]
  {
    let embedded = try embedder.embed([query] + texts, cancellation: cancellation) {
      $0 == 0 ? "query" : "texts[\($0 - 1)]"
    }
    return try rerank(query: embedded[0], texts: Array(embedded.dropFirst()), k: k, cancellation: cancellation)
  }

  /// The same for texts that are embedded already.
  public func rerank(
    query: EmbeddedText, texts: [EmbeddedText], k: Int? = nil, cancellation: Cancellation? = nil
  ) throws -> [Result] {
    let vectors = TransientVectors(dimension: embedder.dimension, values: texts.flatMap(\.embedding))
    return try Tournament(scorer).rank(
      query: query.embedding, candidates: Array(texts.indices), of: vectors, k: k ?? texts.count,
      cancellation: cancellation
    ).map { Result(index: $0.index, score: $0.score, round: $0.round) }
  }
}
