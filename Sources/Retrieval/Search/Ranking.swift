public import EmbeddingStore

/// The documents that one mode found for one query, and how long each step took.
public struct Ranking: Sendable {
  /// Best first.
  public var documents: [ScoredDocument]
  public var candidateMilliseconds = 0.0
  public var scoreMilliseconds = 0.0
}
