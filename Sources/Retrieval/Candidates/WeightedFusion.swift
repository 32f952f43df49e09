public import EmbeddingStore
public import Mixers

/// The weighted sum of a dense stage's cosine and the BM25 score (Bruch, Gai & Ingber 2023, arXiv 2210.11934, who find
/// such sums better than reciprocal ranks even when their weight is learned from few queries).
///
/// BM25 enters as it is, and the weight grows with the best score that a query has anywhere: a query that shares rare
/// words with a story has a high one and BM25 decides; one that shares only common words, because it says everything in
/// other words, has a low one and the cosine decides.
public struct WeightedFusion: RankFusion {
  /// What a point of BM25 counts beside the cosine, at most.
  public let textWeight: Double
  /// The best BM25 score from which on a query's words are trusted fully; below, the weight falls with its square. 0
  /// trusts them always.
  public let fullTrustScore: Double
  public let depth = 500

  public init(textWeight: Double, fullTrustScore: Double = 0) {
    self.textWeight = textWeight
    self.fullTrustScore = fullTrustScore
  }

  public init(_ learned: RetrievalMixerConfiguration.Fusion) {
    self.init(textWeight: learned.textWeight, fullTrustScore: learned.fullTrustScore)
  }

  /// - Parameter lists: BM25's and the dense stage's.
  public func fuse(_ lists: [[ScoredDocument]]) -> [ScoredDocument] {
    precondition(lists.count == 2, "BM25 and one dense stage")
    let weight = weight(best: lists[0].first?.score ?? 0)
    return Self.join(text: lists[0], dense: lists[1]).mapValues { $0.dense + weight * $0.text }.ranked
  }

  /// Both scores of every document. One that BM25 lacks has the score 0 there; one that the dense stage lacks has the
  /// least cosine of its list.
  static func join(text: [ScoredDocument], dense: [ScoredDocument]) -> [String: (text: Double, dense: Double)] {
    let lowest = dense.last?.score ?? 0
    var scores: [String: (text: Double, dense: Double)] = [:]
    for document in dense { scores[document.id] = (0, document.score) }
    for document in text { scores[document.id, default: (0, lowest)].text = document.score }
    return scores
  }

  /// The weight of BM25 for a query whose best BM25 score is `best`.
  func weight(best: Double) -> Double {
    guard fullTrustScore > 0, best < fullTrustScore else { return textWeight }
    let trust = best / fullTrustScore
    return textWeight * trust * trust
  }
}
