import Checkpoints
import Datasets
import EmbeddingStore
import Foundation
import Operations
import TestSupport
import Testing

@testable import Retrieval

@Suite("Indexing")
struct IndexingTests {
  let folder: TemporaryFolder
  let embedder: TextEmbedder
  let corpus: String

  init() throws {
    folder = try TemporaryFolder()
    embedder = try TextEmbedder(TinyModels.writeMaskedMixer(to: folder))
    corpus = try SearchFixture.writeCorpus(300, to: folder)
  }

  func index(
    _ path: String, into store: SQLiteStore, prune: Bool = false, threads: Int = 2, cancellation: Cancellation? = nil,
    progress: (CorpusIndexer.Summary) -> Void = { _ in }
  ) throws -> CorpusIndexer.Summary {
    try CorpusIndexer(openStore: { store }, embedder: embedder, threads: threads).index(
      CorpusReader(path), prune: prune, cancellation: cancellation, progress: progress)
  }

  func store(_ name: String) throws -> SQLiteStore { try SQLiteStore(path: folder.path(name), mode: .create) }

  @Test func storesEveryStoryWithItsEmbedding() throws {
    let store = try store("a.sqlite")
    let summary = try index(corpus, into: store)
    #expect(summary.added == 300)
    let vectors = try store.vectors(of: "default")
    let first = try #require(try store.documents([vectors.id(at: 0)], in: "default").first)
    let embedding = try embedder.embed([first.text])[0].embedding
    for (stored, computed) in zip(vectors.vector(at: 0), embedding) { #expect(abs(stored - computed) < 1e-4) }
  }

  @Test func aSecondRunEmbedsNothing() throws {
    let store = try store("a.sqlite")
    _ = try index(corpus, into: store)
    let summary = try index(corpus, into: store)
    #expect(summary.unchanged == 300)
    #expect(summary.added + summary.updated == 0)
  }

  @Test func anInterruptedRunGoesOnToTheSameContent() throws {
    let undisturbed = try store("a.sqlite")
    _ = try index(corpus, into: undisturbed)

    let store = try store("b.sqlite")
    let cancellation = Cancellation()
    #expect(throws: OperationError.self) {
      try index(corpus, into: store, cancellation: cancellation) { _ in cancellation.request() }
    }
    #expect(try store.requireCollection("default").documents == CorpusIndexer.windowSize)
    let summary = try index(corpus, into: store)
    #expect(summary.unchanged == CorpusIndexer.windowSize)
    #expect(summary.added == 300 - CorpusIndexer.windowSize)
    #expect(try ContentDigest(of: "default", in: store) == ContentDigest(of: "default", in: undisturbed))
  }

  @Test func aChangedStoryIsUpdatedAndOthersAreLeft() throws {
    let store = try store("a.sqlite")
    _ = try index(corpus, into: store)
    var lines = try String(contentsOfFile: corpus, encoding: .utf8).split(separator: "\n").map(String.init)
    lines[7] = #"{"_id": "s00007", "text": "A wholly different story about a lighthouse."}"#
    let summary = try index(try folder.write(lines.joined(separator: "\n"), to: "changed.jsonl"), into: store)
    #expect(summary.updated == 1)
    #expect(summary.unchanged == 299)
    #expect(try store.documents(["s00007"], in: "default").first?.text.contains("lighthouse") == true)
  }

  @Test func onlyPruningDeletesWhatTheCorpusLacks() throws {
    let store = try store("a.sqlite")
    _ = try index(corpus, into: store)
    let fewer = try SearchFixture.writeCorpus(250, to: folder)
    #expect(try index(fewer, into: store).pruned == 0)
    #expect(try store.requireCollection("default").documents == 300)
    #expect(try index(fewer, into: store, prune: true).pruned == 50)
    #expect(try store.requireCollection("default").documents == 250)
  }

  @Test func aMalformedFirstLineLeavesNoStore() throws {
    let broken = try folder.write("{\"_id\": \"a\", \"text\": \n", to: "broken.jsonl")
    let path = folder.path("never.sqlite")
    #expect(throws: DatasetError.self) {
      try CorpusIndexer(openStore: { try SQLiteStore(path: path, mode: .create) }, embedder: embedder)
        .index(CorpusReader(broken))
    }
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test func aCollectionOfAnotherModelIsRefusedAndUntouched() throws {
    let store = try store("a.sqlite")
    _ = try index(corpus, into: store)
    let before = try ContentDigest(of: "default", in: store)
    let other = try TextEmbedder(TinyModels.writeMaskedMixer(to: folder, name: "other", seed: 7))
    let error = #expect(throws: StoreError.self) {
      try CorpusIndexer(openStore: { store }, embedder: other).index(CorpusReader(corpus))
    }
    #expect(error?.diagnosis.category == .conflict)
    #expect(try ContentDigest(of: "default", in: store) == before)
  }

  @Test func aStoryOfAMegabyteIsReadToTheContext() throws {
    let long = "{\"_id\": \"long\", \"text\": \"\(String(repeating: "the dog ran. ", count: 80_000))\"}\n"
    let store = try store("a.sqlite")
    let summary = try index(try folder.write(long, to: "long.jsonl"), into: store)
    #expect(summary.added == 1)
    #expect(summary.truncated == 1)
  }

  @Test func cachedEmbeddingsCarryIdsAndFingerprint() throws {
    let dataset = try Dataset(Repository.path("Corpus/tinystories"))
    let url = folder.url.appendingPathComponent("dev.safetensors")
    let summary = try EmbeddingExport(embedder: embedder, threads: 2).writePairs(of: dataset, split: "dev", to: url)
    #expect(summary.rows == 375)
    let file = try SafetensorsFile(path: url.path)
    #expect(file.entry("query")?.shape == [375, 16])
    #expect(file.metadata["fingerprint"] == embedder.fingerprint.hex)
    let ids = try JSONDecoder().decode([String].self, from: Data((file.metadata["query_ids"] ?? "").utf8))
    let query = try #require(try dataset.split("dev").first)
    #expect(ids.first == query.id)
    let expected = try embedder.embed([query.text])[0].embedding
    for (stored, computed) in zip(try file.floats("query"), expected) { #expect(abs(stored - computed) < 1e-4) }
  }
}
