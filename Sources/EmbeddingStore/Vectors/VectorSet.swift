internal import Operations

/// The vectors of a collection as they were at one moment, in one contiguous block of memory.
///
/// Rows are in ascending order of the documents' ids, compared by their UTF-8 bytes, so a smaller index is a smaller
/// id. Immutable; any number of threads may read it.
///
/// Memory: `count × dimension × 4` bytes, and the ids.
public final class VectorSet: Sendable {
  /// Values in a row.
  public let dimension: Int
  /// The ids of the rows.
  public let ids: [String]
  /// `count × dimension`, row after row.
  let rows: FloatBlock
  /// One over the length of each row; 0 for a row of zeros.
  let inverseLengths: FloatBlock
  /// Where each row lies in the store, which the next refresh needs.
  let placement: SlotPlacement

  /// - Parameter ids: ascending by UTF-8 bytes.
  init(dimension: Int, ids: [String], rows: FloatBlock, placement: SlotPlacement) {
    precondition(rows.count == ids.count * dimension)
    self.dimension = dimension
    self.ids = ids
    self.rows = rows
    self.placement = placement
    inverseLengths = ScanKernel.inverseLengths(rows, count: ids.count, width: dimension)
  }

  public var count: Int { ids.count }

  public func id(at index: Int) -> String { ids[index] }

  /// The row of a document, or nil.
  ///
  /// - Complexity: O(log count).
  public func index(of id: String) -> Int? {
    var (low, high) = (0, ids.count)
    while low < high {
      let middle = (low + high) / 2
      if ids[middle].precedesByBytes(id) { low = middle + 1 } else { high = middle }
    }
    return low < ids.count && ids[low].utf8.elementsEqual(id.utf8) ? low : nil
  }

  /// Gives `body` one row, `dimension` values, without a copy. The buffer is valid only within the call.
  public func withVector<Result>(
    at index: Int, _ body: (UnsafeBufferPointer<Float>) throws -> Result
  ) rethrows -> Result {
    precondition(index >= 0 && index < count, "no such row")
    return try body(UnsafeBufferPointer(rebasing: rows.buffer[index * dimension..<(index + 1) * dimension]))
  }

  /// A copy of one row.
  public func vector(at index: Int) -> [Float] { withVector(at: index) { Array($0) } }

  /// Copies rows one behind the other to `target`, which has room for `indices.count × dimension` values.
  public func copyVectors(_ indices: [Int], to target: UnsafeMutablePointer<Float>) {
    for (position, index) in indices.enumerated() {
      precondition(index >= 0 && index < count, "no such row")
      (target + position * dimension).update(from: rows.base + index * dimension, count: dimension)
    }
  }

  /// Gives `body` all rows in order, a block of whole rows at a time, without a copy: the index of the first row, the
  /// values (`rows × dimension`), and how many rows they are. A buffer is valid only within its call.
  public func forEachBlock(
    _ body: (_ firstIndex: Int, _ values: UnsafeBufferPointer<Float>, _ rows: Int) throws -> Void
  ) rethrows {
    for first in stride(from: 0, to: count, by: Self.blockRows) {
      let last = min(first + Self.blockRows, count)
      let values = UnsafeBufferPointer(rebasing: rows.buffer[first * dimension..<last * dimension])
      try body(first, values, last - first)
    }
  }

  static let blockRows = 4096
}
