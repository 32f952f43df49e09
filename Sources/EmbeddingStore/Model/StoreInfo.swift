/// A store's sizes and what is in it.
public struct StoreInfo: Sendable, Codable, Equatable {
  public let path: String
  /// Version of the file format.
  public let format: Int
  /// Version of the SQLite library in use.
  public let sqlite: String
  /// Bytes of the database file, and of the log of changes beside it.
  public let fileBytes: Int
  public let logBytes: Int
  /// Bytes within the file that are free for reuse; compacting gives them back.
  public let freeBytes: Int
  public let collections: [CollectionInfo]
}
