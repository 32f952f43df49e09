import ArgumentParser
import Datasets
import Foundation
import Operations
import Retrieval

struct EmbedCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "embed",
    abstract: "Write the embeddings of texts, or of a split's (query, story) pairs, to a safetensors file.",
    discussion: """
      Examples:
        mixer embed --model Models/story-embedder-256 --input stories.jsonl --output stories.safetensors
        mixer embed --model Models/story-embedder-256 --dataset Corpus/tinystories --split train --output train.safetensors
      """)

  @Option(help: ArgumentHelp("The masked mixer.", valueName: "DIR"))
  var model: String
  @Option(help: ArgumentHelp("Texts: whatever index reads.", valueName: "PATH"))
  var input: String?
  @Option(help: ArgumentHelp("A dataset folder, for the pairs of --split.", valueName: "DIR"))
  var dataset: String?
  @Option(help: "The split whose pairs are embedded.")
  var split: String?
  @Option(help: ArgumentHelp("The file to write.", valueName: "FILE.safetensors"))
  var output: String
  @Option(help: "The JSON field or CSV column that holds the text.")
  var field = "text"
  @OptionGroup var precision: PrecisionOption
  @OptionGroup var threads: ThreadsOption
  @OptionGroup var json: JSONOption

  func validate() throws {
    switch (input, dataset, split) {
    case (_?, nil, nil), (nil, _?, _?): break
    default: throw ValidationError("name either --input, or --dataset and --split")
    }
  }

  func run() throws {
    let embedder = try ModelSource(embedder: model, precision: precision.value).embedder()
    let cancellation = Cancellation()
    let trap = SignalTrap(cancellation)
    let progress = ProgressLine("embed", unit: "texts")
    let export = EmbeddingExport(embedder: embedder, threads: threads.count, cancellation: cancellation) {
      done, total in
      progress.update(done: done, total: total)
    }
    let destination = URL(fileURLWithPath: output)
    let summary = try withExtendedLifetime(trap) {
      if let dataset, let split {
        try export.writePairs(of: try Dataset(dataset), split: split, to: destination)
      } else {
        try export.writeTexts(try reader(), to: destination)
      }
    }
    progress.finish()
    if json.isOn { return try JSONOutput.print(summary) }
    print("\(summary.rows.grouped) rows of \(summary.dimension) to \(output)")
    if summary.truncated > 0 {
      Terminal.standardError(
        "mixer: note: \(summary.truncated.grouped) texts were longer than the context; only their beginnings were read")
    }
  }

  private func reader() throws -> CorpusReader {
    var options = CorpusOptions()
    options.textField = field
    return try CorpusReader(input ?? "-", options: options)
  }
}
