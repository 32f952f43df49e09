import ArgumentParser
import Datasets
import Foundation
import Operations
import Retrieval

struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Measure how well a mode answers the queries of a split.",
    discussion: """
      The metrics search the whole collection, to depth 127; width is the paper's task: the match among others of \
      the same split, drawn anew in each trial.

      Example:
        mixer evaluate --dataset Corpus/tinystories --split dev --store stories.sqlite --mode hybrid
      """)

  @Option(help: ArgumentHelp("A dataset folder (BEIR layout).", valueName: "DIR"))
  var dataset: String
  @Option(help: "The split: a file of qrels/.")
  var split: String
  @OptionGroup var search: SearchOptions
  @Option(help: "Rows of a context in the paper's task: the query, the match and the others.")
  var width = 128
  @Option(help: "Draws of others for each query.")
  var trials = 5
  @Option(help: "Seed of the draws.")
  var seed: UInt64 = 0
  @Option(
    name: .customLong("run"), help: ArgumentHelp("Also write the ranked lists as a TREC run.", valueName: "FILE.trec"))
  var runFile: String?
  @OptionGroup var json: JSONOption

  func validate() throws {
    if width < 3 { throw ValidationError("--width: expected at least 3, found \(width)") }
    if !(1...1000).contains(trials) { throw ValidationError("--trials: expected 1 to 1000, found \(trials)") }
  }

  func run() throws {
    var options = Evaluator.Options()
    options.collection = search.collection
    options.mode = try search.searchMode()
    options.proposals = try search.proposals()
    options.width = width
    options.trials = trials
    options.seed = seed
    let queries = try Dataset(dataset).split(split)
    let engine = try search.engine()
    let cancellation = Cancellation()
    let trap = SignalTrap(cancellation)
    let progress = ProgressLine("evaluate \(split)", total: queries.count, unit: "queries")
    let name = URL(fileURLWithPath: dataset).lastPathComponent
    let (report, ranked) = try withExtendedLifetime(trap) {
      try Evaluator(engine, options).evaluate(queries, dataset: name, split: split, cancellation: cancellation) {
        progress.advance(by: $0)
      }
    }
    progress.finish()
    if let runFile {
      var writer = try TRECRunWriter(URL(fileURLWithPath: runFile), tag: "mixer-\(report.mode)")
      for list in ranked { try writer.write(list) }
      try writer.commit()
    }
    if json.isOn { return try JSONOutput.print(report) }
    let metrics = report.metrics
    print(
      "\(report.dataset)/\(report.split) · \(report.mode) · \(report.queries.grouped) queries over \(report.corpus.grouped) stories"
    )
    print(String(format: "  accuracy@1   %.4f    accuracy@10  %.4f", metrics.accuracyAt1, metrics.accuracyAt10))
    print(String(format: "  mrr@10       %.4f    ndcg@10      %.4f", metrics.reciprocalRankAt10, metrics.gainAt10))
    print(String(format: "  recall@10    %.4f    recall@100   %.4f", metrics.recallAt10, metrics.recallAt100))
    print(String(format: "  map@100      %.4f", metrics.averagePrecisionAt100))
    print(
      String(
        format: "  top-1 of %d  %.4f ± %.4f (%d draws, seed %llu)", report.width.candidates, report.width.top1,
        report.width.standardError, report.width.trials, report.seed))
  }
}
