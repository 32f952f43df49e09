internal import CKernels

/// How alike two vectors are.
public enum VectorMetric: String, Sendable, Codable, CaseIterable {
  /// The cosine of the angle between them; 0 where one of them is all zeros.
  case cosine
  case innerProduct
}

extension VectorSet {
  /// The `k` rows most like `query`, best first; equal scores in ascending order of their ids.
  ///
  /// Every score is that of the float32 vectors, whatever the set's ``precision``, and the same to the last bit for any
  /// number of threads. A set in float32 is searched exactly. In a reduced one a first pass over all rows proposes
  /// `rescored` of them by their rounded values; a row of the true best that is not among those is missed. With the
  /// default this concerns fewer than one in a thousand of 127 (`Benchmarks/recall.py`).
  ///
  /// - Parameters:
  ///   - query: `dimension` finite values.
  ///   - threads: how many threads share the rows. Worth it from some 10,000 vectors on.
  ///   - rescored: how many rows the first pass proposes, at least `k`; as many as there are rows makes the search
  ///     exact. Nil for what suits the precision. Of no meaning in float32.
  ///   - isAllowed: which rows count; all of them without it. Asked once about each row, in order. Where few are
  ///     allowed only those are scored, exactly.
  /// - Complexity: O(count × dimension), at the speed at which memory is read.
  public func top(
    _ k: Int, by metric: VectorMetric, to query: [Float], threads: Int = 1, rescored: Int? = nil,
    where isAllowed: ((Int) -> Bool)? = nil
  ) -> [(index: Int, score: Float)] {
    top(k, by: metric, toEach: [query], threads: threads, rescored: rescored, where: isAllowed).first ?? []
  }

  /// The same for several queries at once: for each its rows, to the last bit as one by one, in a fraction of the
  /// time, because the rows are read from memory once.
  public func top(
    _ k: Int, by metric: VectorMetric, toEach queries: [[Float]], threads: Int = 1, rescored: Int? = nil,
    where isAllowed: ((Int) -> Bool)? = nil
  ) -> [[(index: Int, score: Float)]] {
    let ready = ScanQueries(queries, dimension: dimension, metric: metric, precision: precision)
    guard k > 0, count > 0 else { return queries.map { _ in [] } }
    let proposals = max(k, rescored ?? precision.proposals(for: min(k, count)))
    let allowed = isAllowed.map { isAllowed in (0..<count).map(isAllowed) }
    return VectorScan(set: self, queries: ready, threads: threads, allowed: allowed)
      .top(k, proposals: proposals)
      .map { rows in rows.map { ($0.index, $0.score) } }
  }

  /// The scores of all rows in order, by the same arithmetic as ``top(_:by:to:threads:rescored:where:)``.
  public func scores(by metric: VectorMetric, to query: [Float]) -> [Float] {
    let ready = ScanQueries([query], dimension: dimension, metric: metric, precision: .float32)
    return [Float](unsafeUninitializedCapacity: count) { scores, initialized in
      guard let base = scores.baseAddress else { return }
      ScanKernel(self, .float32, ready, rows: count).score(0..<1, first: 0, count: count, into: base)
      initialized = count
    }
  }
}
