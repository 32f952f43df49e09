import Foundation
import TestSupport
import Testing

/// With `--json`, standard output is one document that any parser reads.
@Suite struct JSONOutputTests {
  private let fixture: StoreFixture

  init() throws { fixture = try StoreFixture() }

  @Test func aQuery() throws {
    let document = try document(["query", "--store", fixture.store, "--mode", "bm25", "-k", "2", "a bird's nest"])
    #expect(document["query"] as? String == "a bird's nest" && document["mode"] as? String == "bm25")
    #expect(document["collection"] as? String == "default")
    let results = try #require(document["results"] as? [[String: Any]])
    #expect(results.first?["id"] as? String == "a" && results.first?["rank"] as? Int == 1)
    #expect(results.first?["score"] is Double && results.first?["text"] is String)
    let timings = try #require(document["timings_ms"] as? [String: Double])
    #expect(Set(timings.keys).isSuperset(of: ["tokenize", "embed", "candidates", "score", "total"]))
  }

  /// A store of a model that no retriever belongs to is searched by words; whoever asked for `auto` is told so.
  @Test func aQueryByWordsAloneIsSaidToBeOne() throws {
    for (mode, isNoted) in [("auto", true), ("bm25", false)] {
      let outcome = try MixerProcess.run(["query", "--store", fixture.store, "--mode", mode, "--json", "a bird's nest"])
      #expect(outcome.exitStatus == 0 && outcome.output.contains("\"bm25\""))
      #expect(outcome.errors.contains("auto goes by words alone (bm25)") == isNoted)
    }
  }

  @Test func stores() throws {
    #expect(try !document(["store", "info", "--store", fixture.store]).isEmpty)
    #expect(try !document(["store", "verify", "--store", fixture.store]).isEmpty)
  }

  @Test func models() throws {
    #expect(try !document(["model", "info", fixture.model]).isEmpty)
    #expect(try !document(["model", "verify", fixture.model]).isEmpty)
  }

  @Test func datasets() throws {
    let dataset = fixture.folder.path("dataset")
    let imported = try document(["dataset", "import", "--input", fixture.corpus, "--output", dataset])
    #expect(imported["stories"] as? Int == 3)
    #expect(try document(["dataset", "statistics", "--dataset", dataset])["stories"] as? Int == 3)
    #expect(
      try document(["dataset", "clean", "--dataset", dataset, "--dry-run", "--min-tokens", "1"])["kept"] as? Int == 3)
  }

  @Test func tokenizers() throws {
    let path = Repository.path("Models/story-embedder-256/tokenizer.model")
    #expect(try document(["tokenizer", "inspect", "--model", path, "a bird"])["vocabulary_size"] as? Int == 4096)
  }

  private func document(
    _ arguments: [String], sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> [String: Any] {
    let outcome = try MixerProcess.run(arguments + ["--json"])
    #expect(outcome.exitStatus == 0, "\(outcome.errors)", sourceLocation: sourceLocation)
    let document = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
    return try #require(document as? [String: Any], sourceLocation: sourceLocation)
  }
}
