import ArgumentParser
import EmbeddingStore
import Operations
import Retrieval
import Tensors

struct JSONOption: ParsableArguments {
  @Flag(name: .customLong("json"), help: "Print one JSON document.")
  var isOn = false
}

struct ThreadsOption: ParsableArguments {
  @Option(name: .customLong("threads"), help: "Worker threads (default: all cores).")
  var requested: Int?

  var count: Int { requested ?? WorkerPool.defaultThreads }

  func validate() throws {
    if let requested, !(1...1024).contains(requested) {
      throw ValidationError("--threads: expected 1 to 1024, found \(requested)")
    }
  }
}

/// Which collection of which store is asked, and with which models.
struct SearchOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The store to search.", valueName: "FILE.sqlite"))
  var store: String

  @Option(
    help: ArgumentHelp("The masked mixer that made the store (default: the shipped one that did).", valueName: "DIR"))
  var model: String?

  @Option(help: ArgumentHelp("The retrieval mixer (default: the shipped one).", valueName: "DIR"))
  var retriever: String?

  @Option(help: "The collection.")
  var collection = "default"

  @Option(help: "How to search: \(SearchMode.allCases.map(\.rawValue).joined(separator: ", ")).")
  var mode = SearchMode.automatic.rawValue

  @OptionGroup var threads: ThreadsOption

  func searchMode() throws -> SearchMode { try SearchMode(named: mode) }

  /// Opens the store for reading only, so that nothing a search does can change it.
  func engine() throws -> SearchEngine {
    SearchEngine(
      store: try SQLiteStore(path: store, mode: .readOnly),
      models: ModelSource(embedder: model, retriever: retriever), threads: threads.count)
  }
}
