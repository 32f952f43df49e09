import Checkpoints
import EmbeddingStore
import Foundation
import Retrieval
import TestSupport

/// Tiny models and embedded stories, made once for all tests.
final class TestFixture: Sendable {
  static let shared = Result { try TestFixture() }

  static let stories = (0..<30).map { index in
    let animals = ["bird", "dog", "cat", "fox", "frog"]
    let things = ["nest", "ball", "boat", "lamp", "kite", "drum"]
    return Document(
      id: String(format: "s%02d", index),
      text: "Once a \(animals[index % 5]) found a \(things[index % 6]) and shared it with friend number \(index).",
      metadata: #"{"animal":"\#(animals[index % 5])"}"#)
  }

  private let folder: TemporaryFolder
  let models: ModelSource
  let embedder: TextEmbedder
  /// The models' folders.
  let model: String
  let retriever: String
  private let entries: [EmbeddedDocument]

  private init() throws {
    folder = try TemporaryFolder()
    model = try TinyModels.writeMaskedMixer(to: folder).url.path
    retriever = try TinyModels.writeRetrievalMixer(to: folder).url.path
    models = ModelSource(embedder: model, retriever: retriever)
    embedder = try models.embedder()
    let embedded = try embedder.embed(Self.stories.map(\.text), threads: 1)
    entries = zip(Self.stories, embedded).map { EmbeddedDocument(document: $0, embedding: $1.embedding) }
  }

  /// Makes a store of the stories.
  func fill(_ path: String) throws {
    let store = try SQLiteStore(path: path, mode: .create)
    _ = try store.createCollection(
      "default", fingerprint: embedder.fingerprint.hex, dimension: embedder.dimension, precision: "float32")
    _ = try store.upsert(entries, into: "default")
    store.close()
  }
}
