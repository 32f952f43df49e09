internal import CKernels
internal import HeapModule

/// The best of a stream of scores, with ties in favour of the smaller index.
///
/// - Complexity: O(n + m log k) for n scores of which m beat the k-th best so far.
struct TopRows {
  struct Row: Comparable {
    let score: Float
    let index: Int

    /// Worse first.
    static func < (left: Row, right: Row) -> Bool {
      left.score != right.score ? left.score < right.score : left.index > right.index
    }
  }

  private var heap = Heap<Row>()
  private let limit: Int

  init(limit: Int, count: Int) {
    self.limit = min(limit, count)
    heap.reserveCapacity(self.limit)
  }

  /// Takes the scores of rows `first ..< first + scores.count`. Rows must come in ascending order.
  mutating func add(_ scores: UnsafeBufferPointer<Float>, first: Int, where isAllowed: ((Int) -> Bool)?) {
    guard limit > 0, let base = scores.baseAddress else { return }
    var position = 0
    while position < scores.count {
      if heap.count == limit, let worst = heap.min {
        // An equal score comes too late: its index is larger.
        position = mk_next_above(base, position, scores.count, worst.score)
        guard position < scores.count else { return }
      }
      let index = first + position
      if isAllowed?(index) ?? true {
        // A product that overflowed both ways is no number, and no match.
        let row = Row(score: base[position].isNaN ? -.infinity : base[position], index: index)
        if heap.count < limit { heap.insert(row) } else { heap.replaceMin(with: row) }
      }
      position += 1
    }
  }

  /// Best first.
  consuming func sorted() -> [Row] { heap.unordered.sorted(by: >) }
}
