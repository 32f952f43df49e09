internal import CKernels

/// The best of a stream of scores, with ties in favour of the smaller index.
///
/// Rows that may be among the best are gathered, and the worse ones dropped whenever twice as many have come: cheaper
/// than a heap, which is put in order for every single one.
///
/// - Complexity: O(n + m) for n scores of which m beat the worst kept so far.
struct TopRows: Sendable {
  struct Row: Equatable {
    let score: Float
    let index: Int
  }

  private let limit: Int
  private let capacity: Int
  private var keys: [UInt64] = []
  /// The score of the worst row kept, once there are `limit`.
  private var threshold: Float?

  /// - Parameter count: how many rows there are at most.
  init(limit: Int, count: Int) {
    self.limit = min(limit, count)
    capacity = min(self.limit + max(self.limit, 128), count)
    keys.reserveCapacity(capacity)
  }

  /// Takes the scores of rows `first ..< first + scores.count`. Rows must come in ascending order.
  mutating func add(_ scores: UnsafeBufferPointer<Float>, first: Int, allowed: [Bool]?) {
    guard limit > 0, let base = scores.baseAddress else { return }
    var position = 0
    while position < scores.count {
      if let threshold {
        // An equal score comes too late: its index is larger.
        position = mk_next_above(base, position, scores.count, threshold)
        guard position < scores.count else { return }
      }
      if allowed?[first + position] ?? true { add(Self.key(base[position], first + position)) }
      position += 1
    }
  }

  /// Takes what another stream has kept.
  mutating func merge(_ other: TopRows) {
    for key in other.keys { add(key) }
  }

  /// Best first.
  consuming func sorted() -> [Row] {
    keys.sort(by: >)
    return keys.prefix(limit).map(Self.row)
  }

  /// In no particular order.
  consuming func indices() -> [UInt32] {
    if keys.count > limit { dropWorse() }
    return keys.map { ~UInt32(truncatingIfNeeded: $0) }
  }

  private mutating func add(_ key: UInt64) {
    keys.append(key)
    if keys.count == capacity, capacity > limit { dropWorse() }
  }

  private mutating func dropWorse() {
    keys.withUnsafeMutableBufferPointer { Selection.moveLargest(limit, toFrontOf: $0) }
    keys.removeSubrange(limit...)
    threshold = keys.min().map { Self.row($0).score }
  }

  // MARK: - Keys

  /// A number that is larger for a better row: the score's bits, turned so that they order like the score, then the
  /// index, turned so that the smaller one is larger. No two rows have the same.
  private static func key(_ score: Float, _ index: Int) -> UInt64 {
    // A product that overflowed both ways is no number, and no match. Adding zero makes both zeros one.
    let bits = (score.isNaN ? -.infinity : score + 0).bitPattern
    let ordered = bits & 0x8000_0000 == 0 ? bits | 0x8000_0000 : ~bits
    return UInt64(ordered) << 32 | UInt64(~UInt32(truncatingIfNeeded: index))
  }

  private static func row(_ key: UInt64) -> Row {
    let ordered = UInt32(truncatingIfNeeded: key >> 32)
    let bits = ordered & 0x8000_0000 != 0 ? ordered & 0x7FFF_FFFF : ~ordered
    return Row(score: Float(bitPattern: bits), index: Int(~UInt32(truncatingIfNeeded: key)))
  }
}

extension TopRows {
  /// The best `limit` of chosen rows, which may come in any order, best first.
  static func best(_ limit: Int, of indices: [UInt32], scores: [Float]) -> [Row] {
    var top = TopRows(limit: limit, count: indices.count)
    for (score, index) in zip(scores, indices) { top.add(key(score, Int(index))) }
    return top.sorted()
  }
}
