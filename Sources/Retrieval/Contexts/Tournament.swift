public import Operations

/// Ranks any number of candidates with contexts of C − 1 (DESIGN §4; the paper's procedure).
///
/// Candidates, in ascending order of their ids, are split into groups of C − 1; the best m = min(k, (C − 1) / 2) of
/// each group go on, until at most C − 1 remain in one last context. A candidate's rank is decided by the round it
/// reached (later is better), then its score in that round, then its id. Two rounds serve 16,129 stories at k = 1.
///
/// Complexity: n / (C − 1) contexts in the first round, at most half as many in each following one.
public struct Tournament: Sendable {
  /// One candidate's place.
  public struct Placing: Sendable, Equatable {
    /// The candidate's number.
    public let index: Int
    /// The last round it was scored in, from 1.
    public let round: Int
    /// Its score in that round; comparable only within the round.
    public let score: Float
  }

  let scorer: ContextScorer

  public init(_ scorer: ContextScorer) { self.scorer = scorer }

  /// How many of a group go on.
  static func survivors(k: Int, capacity: Int) -> Int { max(1, min(k, capacity / 2)) }

  /// Ranks all `candidates`, which must be ascending.
  ///
  /// - Parameter k: how many results are wanted: it decides how many of each group go on.
  public func rank(
    query: [Float], candidates: [Int], of vectors: some CandidateVectors, k: Int, cancellation: Cancellation? = nil
  ) throws -> [Placing] {
    var ranked: [Placing] = []
    var remaining = candidates
    var round = 1
    while !remaining.isEmpty {
      let groups = stride(from: 0, to: remaining.count, by: scorer.capacity).map {
        remaining[$0..<min($0 + scorer.capacity, remaining.count)]
      }
      let scores = try scorer.score(query: query, groups: groups, of: vectors, cancellation: cancellation)
      var eliminated: [Placing] = []
      var survivors: [Int] = []
      for (group, scores) in zip(groups, scores) {
        let order = zip(group, scores).map { Placing(index: $0, round: round, score: $1) }.sorted(by: Self.precedes)
        let kept = groups.count == 1 ? 0 : Self.survivors(k: k, capacity: scorer.capacity)
        survivors += order.prefix(kept).map(\.index)
        eliminated += order.dropFirst(kept)
      }
      ranked = eliminated.sorted(by: Self.precedes) + ranked
      remaining = survivors.sorted()
      round += 1
    }
    return ranked
  }

  private static func precedes(_ left: Placing, _ right: Placing) -> Bool {
    left.score != right.score ? left.score > right.score : left.index < right.index
  }
}
