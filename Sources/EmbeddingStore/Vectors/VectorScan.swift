internal import Synchronization

/// One search of a set: its rows scored a block at a time, by each thread some blocks, and the best kept.
struct VectorScan: Sendable {
  let set: VectorSet
  let queries: ScanQueries
  let threads: Int
  /// For each row whether it counts; nil where all do.
  let allowed: [Bool]?

  /// The best `k` rows for each query, best first.
  ///
  /// - Parameter proposals: how many rows the first pass proposes where the set is reduced.
  func top(_ k: Int, proposals: Int) -> [[TopRows.Row]] {
    if let allowed {
      let number = allowed.count { $0 }
      if number <= set.count / Self.sparseness {
        let rows = allowed.indices.lazy.filter { allowed[$0] }.map { UInt32($0) }
        return exact(k, among: [[UInt32]](repeating: Array(rows), count: queries.count))
      }
    }
    if set.precision == .float32 || proposals >= set.count || !queries.isFinite {
      return pass(k, over: .float32).map { $0.sorted() }
    }
    return exact(k, among: pass(proposals, over: set.encoded).map { $0.indices() })
  }

  /// The best `k` for each query among the rows chosen for it.
  private func exact(_ k: Int, among rows: [[UInt32]]) -> [[TopRows.Row]] {
    let results = Mutex([[TopRows.Row]](repeating: [], count: queries.count))
    ScanThreads.run(parts: queries.count, threads: threads) { nextQuery in
      while let query = nextQuery() {
        let scores = ScanKernel.score(rows[query], of: set, query, in: queries)
        let best = TopRows.best(k, of: rows[query], scores: scores)
        results.withLock { $0[query] = best }
      }
    }
    return results.withLock { $0 }
  }

  private func pass(_ limit: Int, over form: EncodedRows) -> [TopRows] {
    stride(from: 0, to: queries.count, by: Self.groupedQueries).flatMap { first in
      pass(limit, over: form, first..<min(first + Self.groupedQueries, queries.count))
    }
  }

  /// One pass over all rows for some of the queries.
  private func pass(_ limit: Int, over form: EncodedRows, _ group: Range<Int>) -> [TopRows] {
    let empty = [TopRows](repeating: TopRows(limit: limit, count: set.count), count: group.count)
    let blockRows = min(set.count, blockRows(form, queries: group.count))
    let parts = (set.count + blockRows - 1) / blockRows
    let results = Mutex<[[TopRows]]>([])
    ScanThreads.run(parts: parts, threads: threads) { nextPart in
      let kernel = ScanKernel(set, form, queries, rows: blockRows)
      let scores = FloatBlock(count: group.count * blockRows)
      var top = empty
      while let part = nextPart() {
        let first = part * blockRows
        let count = min(blockRows, set.count - first)
        kernel.score(group, first: first, count: count, into: scores.base)
        for position in top.indices {
          let own = UnsafeBufferPointer(start: scores.base + position * count, count: count)
          top[position].add(own, first: first, allowed: allowed)
        }
      }
      results.withLock { $0.append(top) }
    }
    return results.withLock { results in
      var merged = results.first ?? empty
      for other in results.dropFirst() {
        for position in merged.indices { merged[position].merge(other[position]) }
      }
      return merged
    }
  }

  /// Rows scored before the best of them are picked out: few enough that their scores stay in the fastest cache, and
  /// that the rows stay in the next one while several queries read them.
  private func blockRows(_ form: EncodedRows, queries: Int) -> Int {
    queries == 1 ? 2048 : max(16, min(2048, (1 << 18) / form.precision.scannedBytes(dimension: set.dimension)))
  }

  /// Where only one row in so many counts, looking those up is faster than passing over all.
  private static let sparseness = 8

  /// Queries that share a pass; a pass is repeated for the next ones.
  private static let groupedQueries = 256
}
