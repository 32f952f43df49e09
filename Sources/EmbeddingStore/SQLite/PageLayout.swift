internal import CKernels
internal import Foundation

#if _endian(big)
  #error("vector pages are little-endian, and read without conversion")
#endif

/// How vectors lie in the blobs of `vector_page`.
///
/// A blob holds `rowsPerPage` rows of `dimension` values, each a little-endian IEEE 754 float32, one behind the other
/// without a gap:
///
///     byte 4 · (r · dimension + c)    value c of row r,   0 ≤ r < rowsPerPage,  0 ≤ c < dimension
///
/// so that it is `4 · rowsPerPage · dimension` bytes long, whatever its rows hold. Row r of page p is slot
/// `p · rowsPerPage + r` of the collection; a free slot's row holds zeros or the vector that was deleted.
///
/// The checksum beside it is CRC-32C over three little-endian 64-bit integers (the collection's number, the page's
/// number, and the collection's change in which the page was written) and then the blob, so that a page which lies in
/// another's place is noticed as well.
struct PageLayout: Sendable, Equatable {
  let dimension: Int
  let rowsPerPage: Int

  /// About 128 KiB a page: one disk access, and little to write again when one vector changes.
  static func forNewCollection(dimension: Int) -> PageLayout {
    let rows = 131_072 / (dimension * MemoryLayout<Float>.size)
    return PageLayout(dimension: dimension, rowsPerPage: min(max(rows, 1), 512))
  }

  var valuesPerPage: Int { rowsPerPage * dimension }
  var bytesPerPage: Int { valuesPerPage * MemoryLayout<Float>.size }

  /// The pages that hold so many slots.
  func pageCount(slots: Int) -> Int { (slots + rowsPerPage - 1) / rowsPerPage }

  func page(ofSlot slot: Int) -> Int { slot / rowsPerPage }
  func row(ofSlot slot: Int) -> Int { slot % rowsPerPage }

  static func checksum(collection: Int64, page: Int, change: Int, _ bytes: UnsafeRawBufferPointer) -> UInt32 {
    var checksum = Checksum()
    checksum.add(collection)
    checksum.add(Int64(page))
    checksum.add(Int64(change))
    checksum.add(bytes)
    return checksum.value
  }
}

/// CRC-32C over a sequence of values.
struct Checksum {
  private(set) var value: UInt32 = 0

  mutating func add(_ bytes: UnsafeRawBufferPointer) {
    value = mk_crc32c(value, bytes.baseAddress, bytes.count)
  }

  /// Eight bytes, little-endian.
  mutating func add(_ integer: Int64) {
    withUnsafeBytes(of: integer.littleEndian) { add($0) }
  }

  /// The length as eight bytes, then the UTF-8 bytes.
  mutating func add(_ text: String) {
    var text = text
    add(Int64(text.utf8.count))
    text.withUTF8 { add(UnsafeRawBufferPointer($0)) }
  }

  mutating func add(_ data: Data) {
    data.withUnsafeBytes { add($0) }
  }
}
