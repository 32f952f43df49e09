/// Stories of a JSON Lines file: one object a line, its text, id, title and `metadata` in named fields.
final class JSONLinesStories: StoryRows {
  private let lines: SegmentReader
  private let checks: StoryRowChecks
  private let options: CorpusOptions

  init(_ source: ByteSource, options: CorpusOptions) {
    lines = SegmentReader(source, delimiter: "\n", limit: options.maximumStoryBytes)
    checks = StoryRowChecks(file: source.name, limit: options.maximumStoryBytes)
    self.options = options
  }

  func next() throws -> Result<RawStory, DatasetError>? {
    while let segment = try lines.next() {
      switch segment {
      case .tooLong(let line): return .failure(checks.tooLong(line: line))
      case .bytes(let bytes, let line):
        guard let text = bytes.validText else { return .failure(checks.notText(bytes, line: line)) }
        if text.isBlank { continue }
        do throws(JSONRow.Fault) {
          return checks.check(try story(JSONRow(bytes), line: line))
        } catch {
          return .failure(checks.fault(error.what, line: line, expected: error.expected, found: error.found))
        }
      }
    }
    return nil
  }

  private func story(_ row: JSONRow, line: Int) throws(JSONRow.Fault) -> RawStory {
    let idField = options.idField ?? (row.contains("_id") ? "_id" : "id")
    let id = try row.optionalIdentifier(idField)
    if id == nil, options.idField != nil { throw .missing(field: idField, present: []) }
    return RawStory(
      id: id, text: try row.text(options.textField), title: try row.optionalText(options.titleField) ?? "",
      metadata: try row.optionalObject("metadata"), line: line)
  }
}
