public import Operations

/// Where documents and their embeddings are kept, in named collections, and found again by their words, their
/// metadata or their vectors.
///
/// A collection is locked to one model's fingerprint, one dimension and one precision. Calls block; each is one
/// transaction and may come from any thread. Nothing here is particular to an engine: ``SQLiteStore`` keeps one file,
/// a distributed engine would be a second implementation.
///
/// Every method throws ``StoreError``: of category `notFound` where the collection does not exist, `damaged` where
/// stored data fails a check, `busy` and `environment` where trying again can help.
public protocol DocumentStore: Sendable {
  // MARK: Collections

  /// All collections, in ascending order of their names.
  func collections() throws -> [CollectionInfo]

  /// The collection of that name, or nil.
  func collection(_ name: String) throws -> CollectionInfo?

  /// Makes an empty collection. One that exists already with the same properties is left as it is.
  ///
  /// - Throws: ``StoreError`` of category `conflict` when it exists with others, `badInput` for an impossible name.
  @discardableResult
  func createCollection(
    _ name: String, fingerprint: String, dimension: Int, precision: String
  ) throws -> CollectionInfo

  /// Deletes a collection with its documents.
  func deleteCollection(_ name: String) throws

  // MARK: Writing

  /// Stores documents with their embeddings; those whose id is stored already are replaced.
  /// One transaction: all of them or, on an error, none.
  ///
  /// - Throws: ``StoreError`` of category `badInput` for an id, text, metadata or vector that cannot be stored.
  @discardableResult
  func upsert(_ entries: [EmbeddedDocument], into collection: String) throws -> UpsertCounts

  /// Deletes documents; ids that are not stored are passed over.
  ///
  /// - Returns: how many were deleted.
  @discardableResult
  func delete(_ ids: [String], from collection: String) throws -> Int

  /// Deletes all documents but those of the given ids.
  ///
  /// - Returns: how many were deleted.
  @discardableResult
  func prune(_ collection: String, keeping ids: Set<String>) throws -> Int

  // MARK: Reading

  /// The content hashes of the stored ones among `ids`: equal hashes need no new embedding.
  func hashes(in collection: String, of ids: [String]) throws -> [String: DocumentHash]

  /// The documents in the order asked for; ids that are not stored are left out.
  func documents(_ ids: [String], in collection: String) throws -> [Document]

  /// The ids of all documents that pass the filter, ascending by their UTF-8 bytes.
  func ids(in collection: String, matching filter: MetadataFilter?) throws -> [String]

  // MARK: Searching

  /// The documents with the query's words by BM25 (Robertson & Zaragoza 2009), best first; equal scores in ascending
  /// order of their ids. Any text is a valid query; one without a usable word finds nothing.
  func searchText(
    _ query: String, in collection: String, limit: Int, filter: MetadataFilter?
  ) throws -> [ScoredDocument]

  /// All vectors of a collection as they are now, ready to be scanned. Cheap where nothing changed since the last call; a
  /// change by any process is noticed.
  func vectors(of collection: String) throws -> VectorSet

  // MARK: Care

  /// Checks everything that can be checked.
  ///
  /// - Returns: what was looked at and every problem found. Damage is reported here, not thrown.
  func verify(cancellation: Cancellation?) throws -> VerificationReport
}

extension DocumentStore {
  /// Checks everything that can be checked.
  public func verify() throws -> VerificationReport { try verify(cancellation: nil) }

  /// The ids of all documents, ascending by their UTF-8 bytes.
  public func ids(in collection: String) throws -> [String] { try ids(in: collection, matching: nil) }

  /// The collection of that name.
  ///
  /// - Throws: ``StoreError`` of category `notFound`.
  public func requireCollection(_ name: String) throws -> CollectionInfo {
    if let found = try collection(name) { return found }
    throw StoreError.noCollection(name, among: try collections().map(\.name))
  }
}
