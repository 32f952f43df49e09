internal import Operations

/// The vectors of a collection as they were at one moment, in one contiguous block.
///
/// Rows are in ascending order of the documents' ids, compared by their UTF-8 bytes, so a smaller index is a smaller
/// id. Immutable; any number of threads may read it.
///
/// In which form they are scanned, and what memory that takes: ``ScanPrecision``.
public final class VectorSet: Sendable {
  /// Values in a row.
  public let dimension: Int
  /// The ids of the rows.
  public let ids: [String]
  /// `count × dimension`, row after row; with a reduced form in a scratch file.
  let rows: FloatBlock
  /// What a scan reads.
  let encoded: EncodedRows
  /// One over the length of each row; 0 for a row of zeros.
  let inverseLengths: FloatBlock
  /// Where each row lies in the store, which the next refresh needs.
  let placement: SlotPlacement

  /// - Parameter ids: ascending by UTF-8 bytes.
  init(dimension: Int, ids: [String], rows: FloatBlock, placement: SlotPlacement, precision: ScanPrecision) {
    precondition(rows.count == ids.count * dimension)
    self.dimension = dimension
    self.ids = ids
    self.rows = rows
    self.placement = placement
    inverseLengths = VectorLengths.inverses(rows, count: ids.count, width: dimension)
    encoded = EncodedRows(rows, count: ids.count, width: dimension, precision: precision)
    rows.release()
  }

  public var count: Int { ids.count }

  /// The form in which rows are scanned.
  public var precision: ScanPrecision { encoded.precision }

  /// Bytes of memory that the set needs.
  public var memoryBytes: Int {
    // A String of up to 15 bytes holds them itself; a longer one points to them.
    let names = ids.reduce(0) { $0 + 16 + ($1.utf8.count > 15 ? $1.utf8.count + 32 : 0) }
    return (rows.isMapped ? 0 : rows.byteCount) + encoded.byteCount + inverseLengths.byteCount + placement.byteCount
      + names
  }

  /// Bytes of the scratch file in which the float32 vectors of a reduced set lie.
  public var scratchBytes: Int { rows.isMapped ? rows.byteCount : 0 }

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
      rows.prepare(first * dimension..<last * dimension)
      let values = UnsafeBufferPointer(rebasing: rows.buffer[first * dimension..<last * dimension])
      try body(first, values, last - first)
    }
  }

  static let blockRows = 4096
}
