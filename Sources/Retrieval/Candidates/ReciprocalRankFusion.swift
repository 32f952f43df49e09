public import EmbeddingStore

/// Reciprocal-rank fusion (Cormack, Clarke & Büttcher 2009): a document's score is the sum of `1 / (k + rank)` over
/// the lists that it is in.
public struct ReciprocalRankFusion: RankFusion {
  /// k of the paper.
  public static let constant = 60
  public let depth = 127

  public init() {}

  public func fuse(_ lists: [[ScoredDocument]]) -> [ScoredDocument] {
    var scores: [String: Double] = [:]
    for list in lists {
      for (offset, document) in list.enumerated() {
        scores[document.id, default: 0] += 1 / Double(Self.constant + offset + 1)
      }
    }
    return scores.ranked
  }
}
