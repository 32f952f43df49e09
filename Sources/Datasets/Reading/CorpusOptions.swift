/// How a file of stories is laid out.
public enum CorpusFormat: String, Sendable, CaseIterable {
  /// By the file's extension, or by its first bytes where that says nothing.
  case automatic
  /// One JSON object a line.
  case jsonLines = "jsonl"
  /// Text with `<|endoftext|>` between stories; without one the whole file is one story.
  case text
  /// Comma-separated values with a header (RFC 4180); a `.tsv` file is split at tabs.
  case csv
}

/// Which fields of a corpus to read, and what to do with a bad row.
public struct CorpusOptions: Sendable {
  /// The field or column with the story.
  public var textField = "text"
  /// The field or column with the id; nil: `_id`, or else `id`, where there is one.
  public var idField: String?
  /// The field or column with the title, where there is one.
  public var titleField = "title"
  public var format = CorpusFormat.automatic
  /// The most bytes a story, or the row that holds it, may have.
  public var maximumStoryBytes = 16 << 20
  /// Passes over rows that cannot be read, counting them, instead of stopping at the first.
  public var skipInvalid = false

  public init() {}
}
