import ArgumentParser
import Datasets
import EmbeddingStore
import Foundation
import Operations
import Retrieval

struct DatasetMineCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mine",
    abstract: "Collect hard negatives: stories that a search ranks high and that do not answer.",
    discussion: """
      The file has a row {"query_id", "negative_ids"} a query, best first, and is read by retriever training.

      Example:
        mixer dataset mine --dataset stories --split train --store stories.sqlite --mode bm25 --ranks 2-50 \\
          --output negatives.jsonl
      """)

  @OptionGroup var options: DatasetOption
  @Option(help: "The split: a file of qrels/.")
  var split: String
  @OptionGroup var search: SearchOptions
  @Option(help: ArgumentHelp("The ranks to take, counted from 1.", valueName: "FROM-TO"))
  var ranks = "2-50"
  @Option(help: ArgumentHelp("The file to write.", valueName: "FILE.jsonl"))
  var output: String
  @OptionGroup var json: JSONOption

  func run() throws {
    let miner = try HardNegativeMiner(ranks: ranks)
    let queries = try Dataset(options.dataset).split(split)
    let source = try SearchNegativeSource(search)
    let (negatives, report) = try withProgress("mine", unit: "queries", total: queries.count) {
      cancellation, progress in
      try miner.mine(queries, from: source, cancellation: cancellation) { progress.update(done: $0) }
    }
    try negatives.write(to: output)
    if json.isOn { return try DatasetReportOutput.print(report) }
    print("\(report.negatives.grouped) hard negatives for \(report.queries.grouped) queries in \(output)")
    if report.queriesWithoutNegatives > 0 { print("  \(report.queriesWithoutNegatives.grouped) queries without one") }
    print(
      "  an answer was within the ranks for \(report.answersFound.grouped) queries, at rank "
        + "\(String(format: "%.2f", report.meanAnswerRank)) on average")
  }
}

/// Ranks of a search mode over a store.
private struct SearchNegativeSource: NegativeSource {
  let engine: SearchEngine
  let mode: SearchMode
  let collection: String
  let documents: Int

  init(_ options: SearchOptions) throws {
    engine = try options.engine()
    mode = try options.searchMode()
    collection = options.collection
    // A missing collection gets the search's own error.
    documents = try engine.store.collection(collection)?.documents ?? 1
  }

  func ranked(query: String, depth: Int) throws -> [String] {
    let request = SearchRequest(query: query, k: min(depth, documents), mode: mode, collection: collection)
    return try engine.search(request).results.map(\.id)
  }
}
