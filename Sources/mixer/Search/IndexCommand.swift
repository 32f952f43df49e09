import ArgumentParser
import Datasets
import EmbeddingStore
import Foundation
import Operations
import Retrieval
import Tensors

struct IndexCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "index",
    abstract: "Add the stories of a corpus to a store, and bring changed ones up to date.",
    discussion: """
      Stories that are stored already and unchanged are not embedded again. Ctrl-C stops after the stories at hand; \
      the same command goes on from there.

      Example:
        mixer index --corpus Corpus/tinystories --store stories.sqlite
      """)

  @Option(
    help: ArgumentHelp(
      "A dataset folder, a JSONL, CSV or text file, a folder of such files, or - for standard input.",
      valueName: "PATH"))
  var corpus: String
  @Option(help: ArgumentHelp("The store, made if it is not there.", valueName: "FILE.sqlite"))
  var store: String
  @Option(help: ArgumentHelp("The masked mixer that embeds (default: the shipped one).", valueName: "DIR"))
  var model: String?
  @Option(help: "The collection.")
  var collection = "default"
  @Flag(help: "Delete documents that the corpus does not have.")
  var prune = false
  @Option(help: "The JSON field or CSV column that holds the text.")
  var field = "text"
  @Flag(help: "Pass over rows that cannot be read, and count them, instead of stopping.")
  var skipInvalid = false
  @OptionGroup var precision: PrecisionOption
  @OptionGroup var threads: ThreadsOption
  @OptionGroup var json: JSONOption

  func run() throws {
    var options = CorpusOptions()
    options.textField = field
    options.skipInvalid = skipInvalid
    let reader = try CorpusReader(corpus, options: options)
    // A store that is there is opened once: it says in what its embeddings were made, and after an unclean end it checks
    // itself at every opening. A new one is made when there is something to put into it.
    var opened = FileManager.default.fileExists(atPath: store) ? try SQLiteStore(path: store, mode: .create) : nil
    defer { opened?.close() }
    let embedder = try ModelSource(embedder: model, precision: try chosenPrecision(for: opened)).embedder()
    let cancellation = Cancellation()
    let trap = SignalTrap(cancellation)
    let progress = ProgressLine("index", total: reader.totalBytes, unit: "bytes")
    let indexer = CorpusIndexer(
      openStore: {
        let store = try opened ?? SQLiteStore(path: store, mode: .create)
        opened = store
        return store
      }, embedder: embedder, collection: collection, threads: threads.count)
    let summary = try withExtendedLifetime(trap) {
      try indexer.index(reader, prune: prune, cancellation: cancellation) { summary in
        progress.update(done: reader.counts.bytesRead, note: Self.note(summary))
      }
    }
    progress.finish()
    if json.isOn { return try JSONOutput.print(summary) }
    print(Self.describe(summary))
    for example in reader.skippedExamples.prefix(5) { Terminal.standardError("mixer: skipped: \(example)") }
  }

  /// What was asked for, or what the collection's embeddings were made in: one collection holds one precision.
  private func chosenPrecision(for existing: SQLiteStore?) throws -> Precision {
    if let chosen = try precision.chosen { return chosen }
    return try existing?.collection(collection).flatMap { Precision(rawValue: $0.precision) } ?? .automatic
  }

  private static func note(_ summary: CorpusIndexer.Summary) -> String {
    "\(summary.stories.grouped) stories"
  }

  static func describe(_ summary: CorpusIndexer.Summary) -> String {
    var parts = [
      "\(summary.added.grouped) added", "\(summary.updated.grouped) updated", "\(summary.unchanged.grouped) unchanged",
    ]
    if summary.pruned > 0 { parts.append("\(summary.pruned.grouped) deleted") }
    if summary.merged > 0 { parts.append("\(summary.merged.grouped) duplicates merged") }
    if summary.skipped > 0 { parts.append("\(summary.skipped.grouped) rows skipped") }
    if summary.truncated > 0 { parts.append("\(summary.truncated.grouped) read only to the model's context") }
    let rate = Double(summary.added + summary.updated) / max(summary.seconds, 1e-9)
    let pace = summary.added + summary.updated > 0 ? String(format: ", %.0f embedded a second", rate) : ""
    return
      "\(summary.stories.grouped) stories: \(parts.joined(separator: ", ")) in \(ProgressLine.duration(summary.seconds))\(pace)"
  }
}
