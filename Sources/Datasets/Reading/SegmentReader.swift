import Foundation

/// Cuts a ``ByteSource`` at a delimiter: lines at `\n`, stories at `<|endoftext|>`.
///
/// Needs memory for one segment, however large the file. A segment beyond the limit is passed over and
/// reported, so that reading can go on behind it.
final class SegmentReader {
  enum Segment {
    /// The bytes between two delimiters and the line on which they begin.
    case bytes(Data, line: Int)
    /// Something longer than the limit began on this line.
    case tooLong(line: Int)
  }

  static let storySeparator = "<|endoftext|>"

  let source: ByteSource
  private let delimiter: [UInt8]
  private let limit: Int
  private var line = 1
  private var isFirst = true

  /// - Parameter limit: the most bytes in a segment.
  init(_ source: ByteSource, delimiter: String, limit: Int) {
    self.source = source
    self.delimiter = Array(delimiter.utf8)
    self.limit = limit
  }

  /// The next segment without its delimiter, or nil at the end. An empty rest behind the last delimiter is none.
  func next() throws -> Segment? {
    if isFirst {
      isFirst = false
      if try source.peek(3) == [0xEF, 0xBB, 0xBF] { source.consume(3) }
    }
    let firstLine = line
    var searched = 0
    var isTooLong = false
    while true {
      let unread = source.unread
      if let position = offset(of: delimiter, in: unread, from: searched) {
        defer { pass(position + delimiter.count) }
        if isTooLong || position > limit { return .tooLong(line: firstLine) }
        return .bytes(Data(unread.prefix(position)), line: firstLine)
      }
      // The delimiter may lie across the edge of what was read so far.
      searched = max(0, unread.count - delimiter.count + 1)
      if searched > limit {
        isTooLong = true
        pass(searched)
        searched = 0
      }
      guard try source.fill() else { break }
    }
    let rest = source.unread
    if rest.isEmpty, !isTooLong { return nil }
    defer { pass(rest.count) }
    return isTooLong || rest.count > limit ? .tooLong(line: firstLine) : .bytes(Data(rest), line: firstLine)
  }

  private func pass(_ count: Int) {
    line += UnsafeRawBufferPointer(rebasing: source.unread.prefix(count)).lineBreaks
    source.consume(count)
  }

  private func offset(of needle: [UInt8], in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
    guard let base = bytes.baseAddress else { return nil }
    var position = start
    while position + needle.count <= bytes.count {
      let candidates = bytes.count - needle.count + 1 - position
      guard let found = memchr(base + position, Int32(needle[0]), candidates) else { return nil }
      position = UnsafeRawPointer(found) - base
      if needle.count == 1 || memcmp(found, needle, needle.count) == 0 { return position }
      position += 1
    }
    return nil
  }
}

extension UnsafeRawBufferPointer {
  /// How many line feeds there are.
  fileprivate var lineBreaks: Int {
    guard let base = baseAddress else { return 0 }
    var (count, position) = (0, 0)
    while position < self.count, let found = memchr(base + position, 0x0A, self.count - position) {
      count += 1
      position = UnsafeRawPointer(found) - base + 1
    }
    return count
  }
}

extension Data {
  /// The bytes as text, or nil when they are not UTF-8.
  var validText: String? {
    withUnsafeBytes { (bytes: UnsafeRawBufferPointer) in String(validating: bytes, as: UTF8.self) }
  }

  /// The number of line feeds before the first line that is not UTF-8.
  var lineBreaksBeforeInvalidText: Int {
    let lines = split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    return lines.firstIndex { Data($0).validText == nil } ?? 0
  }

  /// Without the `\r` of a `\r\n` line ending.
  var withoutCarriageReturn: Data {
    last == UInt8(ascii: "\r") ? dropLast() : self
  }
}
