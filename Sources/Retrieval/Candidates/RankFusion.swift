public import EmbeddingStore
internal import Operations

/// Makes one list of several.
public protocol RankFusion: Sendable {
  /// How deep each list is read.
  var depth: Int { get }

  /// Best first; equal scores in ascending order of their ids.
  ///
  /// - Parameter lists: each best first, with its native scores.
  func fuse(_ lists: [[ScoredDocument]]) -> [ScoredDocument]
}

extension [String: Double] {
  /// The documents in the order of a fusion.
  var ranked: [ScoredDocument] {
    map { ScoredDocument(id: $0.key, score: $0.value) }
      .sorted { $0.score != $1.score ? $0.score > $1.score : $0.id.precedesByBytes($1.id) }
  }
}

/// The fusion of several first stages.
public struct FusedCandidates: CandidateSource {
  let sources: [any CandidateSource]
  let fusion: any RankFusion

  public init(_ sources: [any CandidateSource], by fusion: any RankFusion) {
    self.sources = sources
    self.fusion = fusion
  }

  /// Documents beyond the fused depth follow in the order of the last source.
  public func candidates(for query: SearchQuery, limit: Int) throws -> [ScoredDocument] {
    let lists = try sources.map { try $0.candidates(for: query, limit: max(limit, fusion.depth)) }
    var fused = fusion.fuse(lists.map { Array($0.prefix(fusion.depth)) })
    if fused.count < limit, let rest = lists.last {
      let known = Set(fused.map(\.id))
      // Their scores continue below the fused ones, whatever those are.
      let lowest = fused.last?.score ?? 0
      for document in rest where !known.contains(document.id) {
        fused.append(ScoredDocument(id: document.id, score: lowest - Double(fused.count)))
      }
    }
    return Array(fused.prefix(limit))
  }
}
