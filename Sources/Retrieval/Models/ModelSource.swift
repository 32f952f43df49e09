internal import Checkpoints
internal import Foundation
public import Mixers
internal import Operations
internal import Synchronization
public import Tensors

/// The models of a search, each loaded at its first use: a full-text question needs none.
public final class ModelSource: Sendable {
  private let embedderPath: String?
  private let retrieverPath: String?
  private let locator: ModelLocator
  /// What the models' products are computed in.
  public let precision: Precision
  private let loaded = Mutex((embedders: [String: TextEmbedder](), retriever: RetrievalMixer?.none))

  /// - Parameters:
  ///   - embedder: a masked mixer's folder; nil takes the shipped one that made the collection.
  ///   - retriever: a retrieval mixer's folder; nil takes the shipped one.
  ///   - precision: of the models' products. Embeddings of either precision find each other: their cosine is above
  ///     0.9999, and accuracy@1 on the development split differs by 0.003 at most. A retrieval mixer weighs small
  ///     differences of large numbers: in bfloat16 the shipped one loses 0.024 of accuracy@1, so `auto` leaves it in
  ///     float32, and only bfloat16 itself changes that.
  public init(
    embedder: String? = nil, retriever: String? = nil, precision: Precision = .float32,
    locator: ModelLocator = .standard
  ) {
    self.precision = precision
    embedderPath = embedder
    retrieverPath = retriever
    self.locator = locator
  }

  /// Full-text questions load no model: what was named for them must be there all the same.
  ///
  /// - Throws: `CheckpointError` naming the folder that is missing.
  public func requireNamedFolders() throws {
    for path in [embedderPath, retrieverPath].compactMap({ $0 }) { try ModelFolder(path: path).requireFolder() }
  }

  /// The model to make a new collection with.
  ///
  /// - Throws: what loading throws.
  public func embedder() throws -> TextEmbedder {
    try load(embedderPath.map { ModelFolder(path: $0) } ?? locator.find(ModelLocator.defaultEmbedder))
  }

  /// The model with that fingerprint: the named one, which must match, or a shipped one that does.
  ///
  /// - Throws: ``RetrievalError`` when the named model is another, or no shipped one matches.
  public func embedder(matching fingerprint: String, collection: String) throws -> TextEmbedder {
    if embedderPath != nil {
      let embedder = try embedder()
      guard embedder.fingerprint.hex == fingerprint else {
        throw RetrievalError(
          .conflict, "the collection \"\(collection)\" was made with another model", at: embedder.path,
          expected: "fingerprint \(fingerprint.prefix(12))", found: embedder.fingerprint.short,
          hint: "name the model that made it, or index into another collection")
      }
      return embedder
    }
    for folder in locator.embedders() {
      if let embedder = try? load(folder), embedder.fingerprint.hex == fingerprint { return embedder }
    }
    throw RetrievalError(
      .conflict, "no shipped model made the collection \"\(collection)\"",
      expected: "fingerprint \(fingerprint.prefix(12))", hint: "name the model that made it with --model")
  }

  /// The retrieval mixer, which must read embeddings of that model.
  ///
  /// - Throws: ``RetrievalError`` when it was trained on another model's embeddings, and what loading throws.
  public func retriever(for fingerprint: String, dimension: Int) throws -> RetrievalMixer {
    let folder = try retrieverFolder()
    let retriever = try loaded.withLock { loaded in
      if let retriever = loaded.retriever { return retriever }
      let retriever = try RetrievalMixer(folder, precision: precision == .automatic ? .float32 : precision)
      loaded.retriever = retriever
      return retriever
    }
    guard retriever.width == dimension else {
      throw RetrievalError(
        .conflict, "the retriever reads embeddings of another width", at: folder.url.path,
        expected: "\(dimension)", found: "\(retriever.width)")
    }
    if let trainedOn = retriever.configuration.maskedMixerFingerprint, trainedOn != fingerprint {
      throw RetrievalError(
        .conflict, "the retriever was trained on another model's embeddings", at: folder.url.path,
        expected: "fingerprint \(fingerprint.prefix(12))", found: "\(trainedOn.prefix(12))",
        hint: "name the retriever of this model with --retriever, or use --mode bm25 or cosine")
    }
    return retriever
  }

  /// What the retriever's config says of itself, without loading its parameters.
  public func retrieverConfiguration() throws -> RetrievalMixerConfiguration {
    let folder = try retrieverFolder()
    let configuration = try folder.configuration(RetrievalMixerConfiguration.self)
    try configuration.validate(at: folder.configurationURL.path)
    return configuration
  }

  /// Writes what was decided for the retriever into its configuration.
  ///
  /// - Throws: `CheckpointError` or `OperationError` when it cannot be read or written.
  public func record(
    _ automatic: RetrievalMixerConfiguration.AutomaticMode, fusion: RetrievalMixerConfiguration.Fusion
  ) throws {
    var configuration = try retrieverConfiguration()
    configuration.automaticMode = automatic
    configuration.fusion = fusion
    try retrieverFolder().writeConfiguration(configuration)
  }

  private func retrieverFolder() throws -> ModelFolder {
    try retrieverPath.map { ModelFolder(path: $0) } ?? locator.find(ModelLocator.defaultRetriever)
  }

  private func load(_ folder: ModelFolder) throws -> TextEmbedder {
    try loaded.withLock { loaded in
      if let embedder = loaded.embedders[folder.url.path] { return embedder }
      let embedder = try TextEmbedder(folder, precision: precision)
      loaded.embedders[folder.url.path] = embedder
      return embedder
    }
  }
}
