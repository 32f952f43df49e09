public import EmbeddingStore

/// The weighted sum of a dense stage's cosine and the BM25 score (Bruch, Gai & Ingber 2023, arXiv 2210.11934, who find
/// it better than reciprocal ranks even with a weight learned from few queries).
///
/// BM25 enters as it is, without scaling to the query's best: where a query shares only common words with the stories,
/// its scores are small and the cosine decides; where it shares rare ones, they are large and BM25 decides.
public struct WeightedFusion: RankFusion {
  /// What a point of BM25 counts beside the cosine.
  public let textWeight: Double
  public let depth = 500

  public init(textWeight: Double) { self.textWeight = textWeight }

  /// - Parameter lists: BM25's and the dense stage's. A document that BM25 lacks has the score 0 there; one that the
  ///   dense stage lacks has the least cosine of its list.
  public func fuse(_ lists: [[ScoredDocument]]) -> [ScoredDocument] {
    precondition(lists.count == 2, "BM25 and one dense stage")
    let lowest = lists[1].last?.score ?? 0
    var scores = Dictionary(lists[1].map { ($0.id, $0.score) }) { first, _ in first }
    for document in lists[0] { scores[document.id, default: lowest] += textWeight * document.score }
    return scores.ranked
  }
}
