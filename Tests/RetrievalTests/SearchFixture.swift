import Checkpoints
import Datasets
import EmbeddingStore
import Foundation
import Mixers
import Retrieval
import TestSupport

/// A real store of real stories under tiny random models.
struct SearchFixture {
  let folder: TemporaryFolder
  let store: SQLiteStore
  let models: ModelSource
  let embedder: TextEmbedder
  /// The texts by id.
  let stories: [String: String]

  var engine: SearchEngine { SearchEngine(store: store, models: models, threads: 2) }

  /// - Parameter retriever: changes the retriever's configuration, given the embedder's fingerprint.
  init(
    stories count: Int = 40, contextWidth: Int = 8,
    retriever change: (inout RetrievalMixerConfiguration, String) -> Void = { _, _ in }
  ) throws {
    folder = try TemporaryFolder()
    let embedderFolder = try TinyModels.writeMaskedMixer(to: folder)
    embedder = try TextEmbedder(embedderFolder)
    let fingerprint = embedder.fingerprint.hex
    let retrieverFolder = try TinyModels.writeRetrievalMixer(to: folder, contextWidth: contextWidth) {
      change(&$0, fingerprint)
    }
    models = ModelSource(
      embedder: embedderFolder.url.path, retriever: retrieverFolder.url.path, locator: ModelLocator(roots: []))
    let corpus = try Self.writeCorpus(count, to: folder)
    let path = folder.path("stories.sqlite")
    let opened = try SQLiteStore(path: path, mode: .create)
    store = opened
    _ = try CorpusIndexer(openStore: { opened }, embedder: embedder, threads: 2).index(CorpusReader(corpus))
    let ids = try opened.ids(in: "default")
    stories = Dictionary(uniqueKeysWithValues: try opened.documents(ids, in: "default").map { ($0.id, $0.text) })
  }

  /// The first stories of the shipped corpus, with metadata: `"parity": "even"` or `"odd"` by line.
  static func writeCorpus(_ count: Int, to folder: TemporaryFolder) throws -> String {
    let text = try String(contentsOfFile: Repository.path("Corpus/tinystories/corpus.jsonl"), encoding: .utf8)
    let lines = text.split(separator: "\n").prefix(count).enumerated().map { number, line in
      line.dropLast() + ", \"metadata\": {\"parity\": \"\(number % 2 == 0 ? "even" : "odd")\"}}"
    }
    return try folder.write(lines.joined(separator: "\n") + "\n", to: "corpus.jsonl")
  }
}
