import Foundation

/// Small line-oriented files (queries, judgements, runs): every line is text, every fault names its line.
enum LineFile {
  static let maximumLineBytes = 16 << 20

  /// Calls `body` with each line that is not blank.
  static func forEach(_ path: String, _ body: (String, SourceLocation) throws -> Void) throws {
    try forEachLine(path) { bytes, place in
      guard let text = bytes.validText else { throw DatasetError("invalid UTF-8", at: place) }
      if !text.isBlank { try body(text, place) }
    }
  }

  /// Calls `body` with each row of a JSON Lines file; what it throws as ``JSONRow/Fault`` gets the line's name.
  static func forEachRow(_ path: String, _ body: (JSONRow, SourceLocation) throws -> Void) throws {
    try forEachLine(path) { bytes, place in
      guard let text = bytes.validText else { throw DatasetError("invalid UTF-8", at: place) }
      if text.isBlank { return }
      do {
        try body(try JSONRow(bytes), place)
      } catch let fault as JSONRow.Fault {
        throw DatasetError(fault.what, at: place, expected: fault.expected, found: fault.found)
      }
    }
  }

  private static func forEachLine(_ path: String, _ body: (Data, SourceLocation) throws -> Void) throws {
    let source = try ByteSource(path: path)
    let lines = SegmentReader(source, delimiter: "\n", limit: maximumLineBytes)
    while let segment = try lines.next() {
      switch segment {
      case .tooLong(let line):
        throw DatasetError(
          "the line is too long", at: SourceLocation(file: source.name, line: line),
          expected: "at most \(maximumLineBytes) bytes")
      case .bytes(let bytes, let line):
        try body(bytes.withoutCarriageReturn, SourceLocation(file: source.name, line: line))
      }
    }
  }
}
