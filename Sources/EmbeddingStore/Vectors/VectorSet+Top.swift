/// How alike two vectors are.
public enum VectorMetric: String, Sendable, Codable, CaseIterable {
  /// The cosine of the angle between them; 0 where one of them is all zeros.
  case cosine
  case innerProduct
}

extension VectorSet {
  /// The `k` rows most like `query`, best first; equal scores in ascending order of their ids.
  ///
  /// Exact: every row is scored, in float32.
  ///
  /// - Parameters:
  ///   - query: `dimension` finite values.
  ///   - isAllowed: which rows count; all of them without it. Asked only about rows that score well enough.
  /// - Complexity: O(count × dimension), at the speed at which memory is read.
  public func top(
    _ k: Int, by metric: VectorMetric, to query: [Float], where isAllowed: ((Int) -> Bool)? = nil
  ) -> [(index: Int, score: Float)] {
    precondition(query.count == dimension, "the query is of another dimension than the collection")
    guard k > 0, count > 0 else { return [] }
    var top = TopRows(limit: k, count: count)
    let direction = metric == .cosine ? Self.unit(query) : query
    direction.withUnsafeBufferPointer { direction in
      guard let direction = direction.baseAddress else { return }
      withUnsafeTemporaryAllocation(of: Float.self, capacity: min(Self.scoredRows, count)) { scores in
        guard let scoresBase = scores.baseAddress else { return }
        for first in stride(from: 0, to: count, by: Self.scoredRows) {
          let rowCount = min(Self.scoredRows, count - first)
          ScanKernel.innerProducts(
            direction, rows: rows.base + first * dimension, scores: scoresBase, count: rowCount, width: dimension)
          if metric == .cosine {
            ScanKernel.multiply(scoresBase, by: inverseLengths.base + first, count: rowCount)
          }
          top.add(UnsafeBufferPointer(start: scoresBase, count: rowCount), first: first, where: isAllowed)
        }
      }
    }
    return top.sorted().map { ($0.index, $0.score) }
  }

  /// The scores of all rows in order, by the same arithmetic as ``top(_:by:to:where:)``.
  public func scores(by metric: VectorMetric, to query: [Float]) -> [Float] {
    precondition(query.count == dimension, "the query is of another dimension than the collection")
    let direction = metric == .cosine ? Self.unit(query) : query
    return [Float](unsafeUninitializedCapacity: count) { scores, initialized in
      guard let base = scores.baseAddress else { return }
      ScanKernel.innerProducts(direction, rows: rows.base, scores: base, count: count, width: dimension)
      if metric == .cosine { ScanKernel.multiply(base, by: inverseLengths.base, count: count) }
      initialized = count
    }
  }

  /// Rows scored before the best of them are picked out: few enough that the scores stay in the fastest cache.
  private static let scoredRows = 2048

  /// The vector at length 1; zeros stay zeros. In double precision, so that no finite vector overflows.
  private static func unit(_ vector: [Float]) -> [Float] {
    let factor = vector.withUnsafeBufferPointer { ScanKernel.inverseLength($0) }
    return vector.map { Float(Double($0) * factor) }
  }
}
