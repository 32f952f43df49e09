import Foundation

/// What a file of stories is, by its name and its first bytes.
enum StoryFormatDetection {
  /// The extensions that are read inside a folder.
  static let extensions: Set<String> = ["txt", "text", "md", "jsonl", "ndjson", "json", "csv", "tsv"]

  /// Opens a file and chooses its reader.
  static func open(_ path: String, options: CorpusOptions) throws -> (rows: any StoryRows, source: ByteSource) {
    let source = try ByteSource(path: path)
    let head = try source.peek(64)
    try refuseForeignFormats(head, file: source.name)
    let suffix = (path as NSString).pathExtension.lowercased()
    switch options.format == .automatic ? detect(suffix: suffix, head: head) : options.format {
    case .csv:
      let separator = suffix == "tsv" ? UInt8(ascii: "\t") : UInt8(ascii: ",")
      return (try CSVStories(source, options: options, separator: separator), source)
    case .jsonLines: return (JSONLinesStories(source, options: options), source)
    case .text, .automatic: return (TextStories(source, options: options), source)
    }
  }

  private static func detect(suffix: String, head: [UInt8]) -> CorpusFormat {
    switch suffix {
    case "jsonl", "ndjson", "json": return .jsonLines
    case "csv", "tsv": return .csv
    case "txt", "text", "md": return .text
    default:
      let isSpace: (UInt8) -> Bool = { $0 <= 0x20 }
      return head.first(where: { !isSpace($0) }) == UInt8(ascii: "{") ? .jsonLines : .text
    }
  }

  private static func refuseForeignFormats(_ head: [UInt8], file: String) throws {
    func refuse(_ what: String, _ hint: String) -> DatasetError {
      DatasetError("\(what) is not read", at: SourceLocation(file: file, line: 1), hint: hint)
    }
    let convert =
      "convert it first: python3 -c \"import pandas; pandas.read_parquet('FILE')"
      + ".to_json('FILE.jsonl', orient='records', lines=True)\""
    if head.starts(with: Array("PAR1".utf8)) { throw refuse("Parquet", convert) }
    if head.starts(with: Array("ARROW1".utf8)) {
      throw refuse("Arrow", convert.replacingOccurrences(of: "read_parquet", with: "read_feather"))
    }
    if head.starts(with: [0x1F, 0x8B]) { throw refuse("gzip", "gunzip -c FILE | mixer dataset import --input - …") }
    if head.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) {
      throw refuse("zstd", "zstd -dc FILE | mixer dataset import --input - …")
    }
    if head.starts(with: [0x50, 0x4B, 3, 4]) { throw refuse("a ZIP archive", "unpack it first") }
    if head.starts(with: [0xFF, 0xFE]) || head.starts(with: [0xFE, 0xFF]) {
      throw refuse("UTF-16", "iconv -f UTF-16 -t UTF-8 FILE")
    }
  }
}
