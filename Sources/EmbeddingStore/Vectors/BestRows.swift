/// The best of scores that were computed elsewhere, by the selection that scans use.
public enum BestRows {
  /// The `limit` best rows, best first; equal scores in ascending order of their indices.
  ///
  /// - Parameter isAllowed: which rows count; all of them without it. Asked once about each row, in order.
  /// - Complexity: O(n + m) for n scores of which m beat the worst kept so far, instead of sorting all of them.
  public static func of(
    _ scores: [Float], limit: Int, where isAllowed: ((Int) -> Bool)? = nil
  ) -> [(index: Int, score: Float)] {
    let allowed = isAllowed.map { scores.indices.map($0) }
    var top = TopRows(limit: limit, count: scores.count)
    scores.withUnsafeBufferPointer { top.add($0, first: 0, allowed: allowed) }
    return top.sorted().map { ($0.index, $0.score) }
  }
}
