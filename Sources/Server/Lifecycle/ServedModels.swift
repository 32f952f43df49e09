internal import Checkpoints
internal import EmbeddingStore
internal import Foundation
internal import Logging
internal import Mixers
internal import Operations
internal import Retrieval
internal import Synchronization

/// The search engine and the models that the routes use, loaded.
final class ServedModels: Sendable {
  let engine: SearchEngine
  /// The model that embeds texts which are in no collection: the default collection's, or the shipped one.
  let embedder: TextEmbedder?
  /// The retrieval mixer over the embedder's embeddings.
  let retriever: RetrievalMixer?
  let retrieverName: String?
  private let byFingerprint: Mutex<[String: TextEmbedder]>

  /// Loads the models of every collection, and brings the vectors into memory.
  ///
  /// A collection whose model is not there can still be searched by full text; only models that were named must load.
  ///
  /// - Throws: what loading a named model throws, or reading the store.
  init(_ engine: SearchEngine, configuration: ServerConfiguration, logger: Logger) throws {
    self.engine = engine
    var embedders: [String: TextEmbedder] = [:]
    var chosen: TextEmbedder?
    // The default collection first: its model is the one for texts of no collection.
    let collections = try engine.store.collections().sorted {
      ($0.name == "default" ? 0 : 1, $0.name) < ($1.name == "default" ? 0 : 1, $1.name)
    }
    for collection in collections {
      do {
        let embedder = try engine.models.embedder(matching: collection.fingerprint, collection: collection.name)
        embedders[collection.fingerprint] = embedder
        if chosen == nil { chosen = embedder }
      } catch {
        if configuration.model != nil, collection.name == "default" { throw error }
        logger.warning(
          "a collection's model is not there",
          metadata: ["collection": "\(collection.name.excerpt())", "error": "\("\(error)".singleLine)"])
      }
      _ = try engine.store.vectors(of: collection.name)
    }
    if chosen == nil {
      do {
        chosen = try engine.models.embedder()
      } catch {
        if configuration.model != nil { throw error }
        logger.warning("no embedding model", metadata: ["error": "\("\(error)".singleLine)"])
      }
    }
    var retriever: RetrievalMixer?
    if let chosen {
      do {
        retriever = try engine.models.retriever(for: chosen.fingerprint.hex, dimension: chosen.dimension)
      } catch {
        if configuration.retriever != nil { throw error }
        logger.warning("no retriever", metadata: ["error": "\("\(error)".singleLine)"])
      }
    }
    embedder = chosen
    self.retriever = retriever
    retrieverName = retriever.map { _ in
      configuration.retriever.map(Self.name(ofFolder:)) ?? ModelLocator.defaultRetriever
    }
    byFingerprint = Mutex(embedders)
  }

  /// A model is called what its folder is called.
  static func name(ofFolder path: String) -> String {
    URL(fileURLWithPath: path).standardizedFileURL.lastPathComponent
  }

  var embedderName: String? { embedder.map { Self.name(ofFolder: $0.path) } }

  /// The model that made a collection.
  ///
  /// - Throws: what loading throws, when the collection is newer than the server's start.
  func embedder(matching fingerprint: String, collection: String) throws -> TextEmbedder {
    if let embedder = byFingerprint.withLock({ $0[fingerprint] }) { return embedder }
    let embedder = try engine.models.embedder(matching: fingerprint, collection: collection)
    byFingerprint.withLock { $0[fingerprint] = embedder }
    return embedder
  }

  /// - Throws: ``ServerError`` when the server has no model for texts of no collection.
  func requireEmbedder() throws -> TextEmbedder {
    guard let embedder else { throw ServerError(.conflict, "the server has no embedding model") }
    return embedder
  }

  /// - Throws: ``ServerError`` when the server has no retriever.
  func requireRetriever() throws -> RetrievalMixer {
    guard let retriever else { throw ServerError(.conflict, "the server has no retrieval model") }
    return retriever
  }

  /// Holds the model that a request names against the one that will answer.
  ///
  /// - Throws: ``ServerError`` when it is another.
  static func check(requested: String?, served: String?) throws {
    guard let requested, let served, requested != served else { return }
    throw ServerError(
      .notFound, "the server does not have this model", at: "model", expected: "\"\(served)\"",
      found: "\"\(requested.excerpt())\"")
  }
}
