public import EmbeddingStore
internal import Operations

/// Reciprocal-rank fusion (Cormack, Clarke & Büttcher 2009): a document's score is the sum of `1 / (k + rank)` over
/// the lists that it is in.
public enum ReciprocalRankFusion {
  /// k of the paper, and how deep each list is read.
  public static let constant = 60
  public static let depth = 127

  /// Best first; equal scores in ascending order of their ids.
  public static func fuse(_ lists: [[String]]) -> [ScoredDocument] {
    var scores: [String: Double] = [:]
    for list in lists {
      for (offset, id) in list.enumerated() { scores[id, default: 0] += 1 / Double(constant + offset + 1) }
    }
    return scores.map { ScoredDocument(id: $0.key, score: $0.value) }
      .sorted { $0.score != $1.score ? $0.score > $1.score : $0.id.precedesByBytes($1.id) }
  }
}

/// The fusion of several first stages.
public struct FusedCandidates: CandidateSource {
  let sources: [any CandidateSource]

  public init(_ sources: [any CandidateSource]) { self.sources = sources }

  /// Documents beyond the fused depth follow in the order of the last source.
  public func candidates(for query: SearchQuery, limit: Int) throws -> [ScoredDocument] {
    var lists: [[ScoredDocument]] = []
    for source in sources {
      lists.append(try source.candidates(for: query, limit: max(limit, ReciprocalRankFusion.depth)))
    }
    var fused = ReciprocalRankFusion.fuse(lists.map { $0.prefix(ReciprocalRankFusion.depth).map(\.id) })
    if fused.count < limit, let rest = lists.last {
      let known = Set(fused.map(\.id))
      // Their scores continue below the fused ones, as if they were in one list only.
      for (offset, document) in rest.enumerated() where !known.contains(document.id) {
        fused.append(
          ScoredDocument(id: document.id, score: 1 / Double(ReciprocalRankFusion.constant * 4 + offset + 1)))
      }
    }
    return Array(fused.prefix(limit))
  }
}
