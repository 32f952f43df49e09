import Foundation

/// Records of a file of comma-separated values, as RFC 4180 has them: fields may be quoted, and a quoted field
/// may hold separators, doubled quotes and line breaks.
final class CSVRecords {
  enum Record {
    case fields([String], line: Int)
    case fault(String, line: Int)
    case tooLong(line: Int)
    case notText(Data, line: Int)
  }

  private let lines: SegmentReader
  private let separator: UInt8
  private let limit: Int

  init(_ source: ByteSource, separator: UInt8, limit: Int) {
    lines = SegmentReader(source, delimiter: "\n", limit: limit)
    self.separator = separator
    self.limit = limit
  }

  /// The next record, or nil at the end; blank lines between records are passed over.
  func next() throws -> Record? {
    var record = Data()
    var firstLine = 0
    var isQuoted = false
    while let segment = try lines.next() {
      guard case .bytes(let rawLine, let line) = segment else {
        if case .tooLong(let line) = segment { return .tooLong(line: record.isEmpty ? line : firstLine) }
        return nil
      }
      let bytes = rawLine.withoutCarriageReturn
      if record.isEmpty {
        if !isQuoted, bytes.isEmpty { continue }
        if !isQuoted { firstLine = line }
      }
      if isQuoted { record.append(UInt8(ascii: "\n")) }
      record.append(bytes)
      // A line ends its record when it closes every quote it opens; a doubled quote counts twice.
      if bytes.reduce(0, { $1 == UInt8(ascii: "\"") ? $0 + 1 : $0 }) % 2 == 1 { isQuoted.toggle() }
      if record.count > limit { return .tooLong(line: firstLine) }
      if !isQuoted { return parse(record, line: firstLine) }
    }
    return isQuoted ? .fault("a quoted field is never closed", line: firstLine) : nil
  }

  private func parse(_ record: Data, line: Int) -> Record {
    guard record.validText != nil else { return .notText(record, line: line) }
    let quote = UInt8(ascii: "\"")
    let bytes = [UInt8](record)
    var fields: [String] = []
    var field: [UInt8] = []
    var index = 0
    while true {
      field.removeAll(keepingCapacity: true)
      if index < bytes.count, bytes[index] == quote {
        index += 1
        while index < bytes.count {
          if bytes[index] == quote {
            index += 1
            guard index < bytes.count, bytes[index] == quote else { break }
          }
          field.append(bytes[index])
          index += 1
        }
        guard index == bytes.count || bytes[index] == separator else {
          return .fault("something follows a quoted field", line: line)
        }
      } else {
        while index < bytes.count, bytes[index] != separator {
          if bytes[index] == quote { return .fault("a quote inside an unquoted field", line: line) }
          field.append(bytes[index])
          index += 1
        }
      }
      fields.append(String(decoding: field, as: UTF8.self))
      if index == bytes.count { return .fields(fields, line: line) }
      index += 1
    }
  }
}
