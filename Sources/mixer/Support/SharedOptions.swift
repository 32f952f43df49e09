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

  @Option(
    name: .customLong("first-stage"), help: "What the two-stage mode orders anew: bm25, cosine, projection or hybrid.")
  var firstStage = SearchMode.hybrid.rawValue

  @OptionGroup var precision: PrecisionOption
  @OptionGroup var threads: ThreadsOption

  /// - Throws: `RetrievalError` naming the stages there are.
  func proposals() throws -> SearchMode { try SearchMode(firstStage: firstStage) }

  func searchMode() throws -> SearchMode { try SearchMode(named: mode) }

  /// Opens the store for reading only, so that nothing a search does can change it.
  func engine() throws -> SearchEngine {
    try Self.engine(
      store: store, model: model, retriever: retriever, precision: precision.value, threads: threads.count)
  }

  static func engine(
    store: String, model: String?, retriever: String?, precision: Precision, threads: Int
  ) throws -> SearchEngine {
    let models = ModelSource(embedder: model, retriever: retriever, precision: precision)
    try models.requireNamedFolders()
    return SearchEngine(
      store: try SQLiteStore(path: store, mode: .readOnly), models: models, threads: threads)
  }
}
