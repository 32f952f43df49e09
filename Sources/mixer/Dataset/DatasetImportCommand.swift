import ArgumentParser
import Datasets
import Operations

struct DatasetImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Bring stories from files, folders or standard input into a dataset folder.",
    discussion: """
      Reads text with <|endoftext|> between stories (without one a file is one story), JSON Lines, CSV and TSV with a \
      header, folders of such files, and dataset folders. Stories without an id get a content hash; exact duplicates \
      among them are merged. An interrupted import goes on when the same command is run again. Parquet and Arrow must be converted first (the error says how).

      Examples:
        mixer dataset import --input TinyStories-train.txt --output tinystories
        gunzip -c stories.jsonl.gz | mixer dataset import --input - --format jsonl --field story --output stories
      """)

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("Files, folders, or - for standard input, read as one corpus.", valueName: "PATH"))
  var input: [String]
  @Option(help: ArgumentHelp("A new dataset folder.", valueName: "DIR"))
  var output: String
  @Option(help: "The JSON field or CSV column with the story.")
  var field = "text"
  @Option(help: "The field with the id (default: _id, or else id, where there is one).")
  var idField: String?
  @Option(help: "The field with the title.")
  var titleField = "title"
  @Option(
    help: "How files are laid out: \(CorpusFormat.allCases.map(\.rawValue).joined(separator: ", ")).",
    transform: { try choice($0) })
  var format = CorpusFormat.automatic
  @Option(help: "The most bytes a story may have.")
  var maximumBytes = 16 << 20
  @Flag(help: "Pass over rows that cannot be read, and count them, instead of stopping.")
  var skipInvalid = false
  @OptionGroup var json: JSONOption

  func validate() throws {
    if input.isEmpty { throw ValidationError("--input: expected at least one path") }
    if maximumBytes < 1 { throw ValidationError("--maximum-bytes: expected at least 1, found \(maximumBytes)") }
  }

  func run() throws {
    var options = CorpusOptions()
    (options.textField, options.idField, options.titleField) = (field, idField, titleField)
    (options.format, options.maximumStoryBytes, options.skipInvalid) = (format, maximumBytes, skipInvalid)
    let report = try withProgress("import") { cancellation, progress in
      try DatasetImporter(options: options).run(input, to: output, cancellation: cancellation) {
        progress.update(done: $0, total: $1)
      }
    }
    for example in report.skippedExamples { Terminal.standardError("mixer: passed over \(example)") }
    if json.isOn { return try DatasetReportOutput.print(report) }
    report.resumedAfter.map(DatasetReportOutput.noteResumption)
    print("\(report.stories.grouped) stories in \(output)")
    if report.duplicatesMerged > 0 { print("  \(report.duplicatesMerged.grouped) exact duplicates merged") }
    if report.invalidSkipped > 0 { print("  \(report.invalidSkipped.grouped) rows passed over") }
    if report.queries > 0 { print("  \(report.queries.grouped) queries carried over") }
  }
}
