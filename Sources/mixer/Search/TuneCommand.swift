import ArgumentParser
import Datasets
import Foundation
import Mixers
import Operations
import Retrieval

struct TuneCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tune",
    abstract: "Decide what auto means for your stories: fit the fusion, measure every mode, record the winner.",
    discussion: """
      Measures on development splits how much a point of BM25 should count beside the cosine, then every mode, and \
      writes both into the retriever's config.json. Its weights stay as they are. Do not name a test split.

      Example:
        mixer tune --dataset Corpus/tinystories --splits dev dev-hard --store stories.sqlite --retriever retriever
      """)

  @Option(help: ArgumentHelp("A dataset folder (BEIR layout).", valueName: "DIR"))
  var dataset: String
  @Option(
    parsing: .upToNextOption,
    help: "The splits to decide on: the first matters most, the others where it does not tell.")
  var splits = ["dev"]
  @Option(help: ArgumentHelp("The store of the dataset's stories.", valueName: "FILE.sqlite"))
  var store: String
  @Option(help: ArgumentHelp("The masked mixer that made the store (default: the shipped one).", valueName: "DIR"))
  var model: String?
  @Option(help: ArgumentHelp("The retriever whose configuration is written.", valueName: "DIR"))
  var retriever: String
  @Option(help: "The collection.")
  var collection = "default"
  @Flag(help: "Measure only; write nothing.")
  var dryRun = false
  @OptionGroup var precision: PrecisionOption
  @OptionGroup var threads: ThreadsOption
  @OptionGroup var json: JSONOption

  func run() throws {
    let engine = try SearchOptions.engine(
      store: store, model: model, retriever: retriever, precision: precision.value, threads: threads.count)
    let data = try Dataset(dataset)
    let queries = try splits.map { ModeTuner.Split(name: $0, queries: try data.split($0)) }
    var options = ModeTuner.Options()
    options.collection = collection
    let cancellation = Cancellation()
    let trap = SignalTrap(cancellation)
    let stages = options.modes.count + 2
    let progress = ProgressLine(
      "tune", total: stages * queries.reduce(0) { $0 + $1.queries.count }, unit: "queries")
    let report = try withExtendedLifetime(trap) {
      try ModeTuner(engine, options).tune(
        queries, dataset: URL(fileURLWithPath: dataset).lastPathComponent, cancellation: cancellation
      ) { stage, advanced, _ in progress.advance(by: advanced, note: stage) }
    }
    progress.finish()
    if !dryRun { try engine.models.record(report.automatic, fusion: report.fusion) }
    if json.isOn { return try JSONOutput.print(report) }
    print("accuracy@1 (mrr@10)" + splits.map { "  \($0)" }.joined())
    for mode in options.modes.map(\.rawValue) {
      guard let figures = report.figures[mode] else { continue }
      let columns = splits.compactMap { figures[$0] }.map {
        String(format: "%.4f (%.4f)", $0.accuracyAt1, $0.reciprocalRankAt10)
      }
      print("  \(mode.padding(toLength: 12, withPad: " ", startingAt: 0))" + columns.joined(separator: "   "))
    }
    print(
      String(
        format: "hybrid is %@ + %.4g × BM25, fully from a best score of %.4g on", report.fusion.dense,
        report.fusion.textWeight, report.fusion.fullTrustScore))
    print("auto is \(report.automatic.mode)\(dryRun ? " (not written)" : ", written to \(retriever)/config.json")")
  }
}
