internal import Checkpoints
public import Datasets
public import EmbeddingStore
public import Operations
public import Tensors

/// Brings a collection up to date with a corpus: what is new or changed is embedded and stored, the rest is left.
///
/// Stories are taken in windows; each window's new stories become one transaction. Whatever ends the run early, the
/// store holds whole windows, and the next run goes on behind them.
public struct CorpusIndexer {
  /// What a run did.
  public struct Summary: Sendable, Codable, Equatable {
    public var stories = 0
    public var added = 0
    public var updated = 0
    public var unchanged = 0
    public var pruned = 0
    /// Stories longer than the model's context, of which only the beginning was read.
    public var truncated = 0
    /// Stories without an id that were the same text as an earlier one.
    public var merged = 0
    public var skipped = 0
    public var seconds = 0.0

    enum CodingKeys: String, CodingKey {
      case stories, added, updated, unchanged, pruned, truncated, merged, skipped, seconds
    }
  }

  private let openStore: () throws -> any DocumentStore
  let embedder: TextEmbedder
  let collection: String
  let threads: Int
  /// Stories in a window: enough to fill the workers, few enough that an interruption loses little.
  static let windowSize = 256

  /// - Parameter openStore: called once, after the first stories were read: a corpus that cannot be read leaves no
  ///   empty store behind.
  public init(
    openStore: @escaping () throws -> any DocumentStore, embedder: TextEmbedder, collection: String = "default",
    threads: Int = WorkerPool.defaultThreads
  ) {
    self.openStore = openStore
    self.embedder = embedder
    self.collection = collection
    self.threads = threads
  }

  /// Reads the whole corpus.
  ///
  /// - Parameters:
  ///   - prune: deletes documents that the corpus does not have, once all of it was read.
  ///   - progress: called after each window with the summary so far.
  /// - Throws: what reading, embedding and storing throw; `OperationError` when cancelled. What was stored stays.
  public func index(
    _ corpus: CorpusReader, prune: Bool = false, cancellation: Cancellation? = nil,
    progress: (Summary) -> Void = { _ in }
  ) throws -> Summary {
    let start = ContinuousClock.now
    var summary = Summary()
    var seen = Set<String>()
    var opened: (any DocumentStore)?
    while true {
      try cancellation?.check()
      var window: [StoryRecord] = []
      while window.count < Self.windowSize, let story = try corpus.next() { window.append(story) }
      if window.isEmpty { break }
      let store = try opened ?? openCollection()
      opened = store
      try index(window, in: store, cancellation: cancellation, &summary)
      if prune { seen.formUnion(window.lazy.map(\.id)) }
      summary.merged = corpus.counts.duplicatesMerged
      summary.skipped = corpus.counts.invalidSkipped
      progress(summary)
    }
    if prune, let store = opened { summary.pruned = try store.prune(collection, keeping: seen) }
    summary.seconds = (ContinuousClock.now - start).seconds
    return summary
  }

  private func openCollection() throws -> any DocumentStore {
    let store = try openStore()
    _ = try store.createCollection(
      collection, fingerprint: embedder.fingerprint.hex, dimension: embedder.dimension,
      precision: embedder.precision.rawValue)
    return store
  }

  private func index(
    _ window: [StoryRecord], in store: any DocumentStore, cancellation: Cancellation?, _ summary: inout Summary
  ) throws {
    let documents = window.map { Document(id: $0.id, text: $0.text, metadata: $0.storedMetadata) }
    let stored = try store.hashes(in: collection, of: documents.map(\.id))
    let changed = documents.indices.filter { stored[documents[$0].id] != DocumentHash.of(documents[$0]) }
    summary.stories += window.count
    summary.unchanged += window.count - changed.count
    guard !changed.isEmpty else { return }
    let sources = changed.map { window[$0].source.description }
    let embedded = try embedder.embed(
      changed.map { documents[$0].text }, threads: threads, cancellation: cancellation, describe: { sources[$0] })
    let counts = try store.upsert(
      zip(changed, embedded).map { EmbeddedDocument(document: documents[$0], embedding: $1.embedding) },
      into: collection)
    summary.added += counts.added
    summary.updated += counts.updated
    summary.truncated += embedded.count { $0.isTruncated }
  }
}

extension StoryRecord {
  /// The metadata as stored: a title becomes a key of it, unless the story has such a key of its own.
  var storedMetadata: String? {
    guard !title.isEmpty else { return metadata }
    var object: [String: JSONValue] = [:]
    if let metadata, case .object(let members)? = JSONValue(parsing: metadata) { object = members }
    if object["title"] == nil { object["title"] = .string(title) }
    return JSONValue.object(object).canonicalText
  }
}
