import Operations

/// Stories of a file of comma- or tab-separated values: the header names the columns.
///
/// SwiftCSV keeps the whole file in memory; this reads a record at a time.
final class CSVStories: StoryRows {
  private let records: CSVRecords
  private let checks: StoryRowChecks
  private let columnCount: Int
  private let textColumn: Int
  private let idColumn: Int?
  private let titleColumn: Int?

  /// - Throws: ``DatasetError`` when the header lacks a column that is asked for.
  init(_ source: ByteSource, options: CorpusOptions, separator: UInt8) throws {
    records = CSVRecords(source, separator: separator, limit: options.maximumStoryBytes)
    checks = StoryRowChecks(file: source.name, limit: options.maximumStoryBytes)
    var header: [String] = []
    var line = 1
    if let record = try records.next() {
      guard case .fields(let names, let headerLine) = record else {
        throw checks.fault("the header cannot be read", line: 1, expected: "the names of the columns")
      }
      (header, line) = (names, headerLine)
    }
    let checks = checks
    func column(_ name: String) throws -> Int {
      if let column = header.firstIndex(of: name) { return column }
      throw checks.fault(
        "no such column", line: line, expected: "a column “\(name.excerpt())”",
        found: header.isEmpty ? "an empty file" : header.prefix(20).joined(separator: ", ").excerpt(120),
        hint: "name the column with the stories by --field")
    }
    columnCount = header.count
    textColumn = try column(options.textField)
    if let name = options.idField {
      idColumn = try column(name)
    } else {
      idColumn = header.firstIndex(of: "_id") ?? header.firstIndex(of: "id")
    }
    titleColumn = header.firstIndex(of: options.titleField)
  }

  func next() throws -> Result<RawStory, DatasetError>? {
    guard let record = try records.next() else { return nil }
    switch record {
    case .tooLong(let line): return .failure(checks.tooLong(line: line))
    case .notText(let bytes, let line): return .failure(checks.notText(bytes, line: line))
    case .fault(let what, let line): return .failure(checks.fault(what, line: line))
    case .fields(let fields, let line):
      guard fields.count == columnCount else {
        return .failure(
          checks.fault(
            "wrong number of fields", line: line, expected: "\(columnCount)", found: "\(fields.count)"))
      }
      let id = idColumn.map { fields[$0] }
      return checks.check(
        RawStory(
          id: id?.isEmpty == true ? nil : id, text: fields[textColumn],
          title: titleColumn.map { fields[$0] } ?? "", line: line))
    }
  }
}
