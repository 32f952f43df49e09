import ArgumentParser
import EmbeddingStore
import Foundation
import Operations
import Retrieval

struct QueryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "query",
    abstract: "Find the stories that a sentence is about.",
    discussion: """
      Example:
        mixer query --store stories.sqlite -k 3 "A bird learns to share its nest."
      """)

  @OptionGroup var search: SearchOptions
  @Option(name: .customShort("k"), help: "How many stories (default: 10, or all there are).")
  var count: Int?
  @Option(
    name: .customLong("filter"),
    help: ArgumentHelp("Only documents whose metadata has this value; several must all hold.", valueName: "KEY=VALUE"))
  var filters: [String] = []
  @OptionGroup var json: JSONOption
  @Argument(help: "A sentence about the story; - reads it from standard input.")
  var text: String

  func run() throws {
    let query = text == "-" ? Self.standardInput() : text
    var request = SearchRequest(
      query: query, k: count, mode: try search.searchMode(), collection: search.collection,
      filter: try MetadataFilter.parse(filters))
    request.proposals = try search.proposals()
    let engine = try search.engine()
    let response = try engine.search(request)
    if request.mode == .automatic, response.mode == SearchMode.bm25.rawValue,
      !(try engine.collection(search.collection).isAutomaticRecorded)
    {
      Terminal.standardError(
        "mixer: note: no retriever here belongs to this collection's embeddings, so auto goes by words alone (bm25); "
          + "--mode cosine goes by the embeddings, mixer tune decides")
    }
    if json.isOn { return try JSONOutput.print(response) }
    for result in response.results {
      print("\(result.rank). \(result.id)  \(Self.score(result.score))")
      print(Terminal.wrap(result.text, indent: "   ", limit: count == 1 ? .max : 4))
    }
    if response.results.isEmpty { print("no story found") }
    let times = response.timings
    print(
      String(
        format: "%@ · %.1f ms (embed %.1f, candidates %.1f, score %.1f)", response.mode, times.total,
        times.tokenize + times.embed, times.candidates, times.score))
    if response.truncated == true {
      Terminal.standardError("mixer: note: the query is longer than the model's context; only its beginning was read")
    }
  }

  static func score(_ score: Double) -> String {
    abs(score) < 1 ? String(format: "%.4f", score) : String(format: "%.2f", score)
  }

  private static func standardInput() -> String {
    String(decoding: FileHandle.standardInput.readDataToEndOfFile(), as: UTF8.self)
  }
}

extension MetadataFilter {
  /// Reads `KEY=VALUE` pairs. A value that is JSON counts as what it is (`3`, `true`, `"3"`), any other as a string.
  static func parse(_ pairs: [String]) throws -> MetadataFilter? {
    guard !pairs.isEmpty else { return nil }
    var conditions: [String: Value] = [:]
    for pair in pairs {
      guard let separator = pair.firstIndex(of: "="), separator != pair.startIndex else {
        throw ValidationError("--filter: expected KEY=VALUE, found \"\(pair.excerpt())\"")
      }
      let text = String(pair[pair.index(after: separator)...])
      let parsed = try? JSONDecoder().decode(Value.self, from: Data(text.utf8))
      conditions[String(pair[..<separator])] = parsed ?? .string(text)
    }
    return MetadataFilter(conditions)
  }
}
