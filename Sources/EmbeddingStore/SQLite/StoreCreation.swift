internal import Foundation
internal import GRDB
internal import Operations

/// Makes an empty store: complete under another name first, so that a half-made one is never found.
enum StoreCreation {
  /// - Precondition: the caller holds the right to write, and there is no file at `path`.
  static func create(at path: String) throws {
    let temporary = path + ".new"
    removeAll(temporary)
    do {
      try StoreError.mapping(path) {
        let queue = try DatabaseQueue(path: temporary, configuration: Connections.configuration)
        try queue.writeWithoutTransaction { db in
          // The numbers stand in the main file's header from the beginning, because no log is in use yet.
          try db.execute(
            sql: """
              PRAGMA page_size = \(Schema.pageSize);
              PRAGMA application_id = \(Schema.applicationID);
              PRAGMA user_version = \(Schema.formatVersion);
              """)
        }
        try Schema.migrator.migrate(queue)
        try queue.writeWithoutTransaction { db in _ = try Row.fetchAll(db, sql: "PRAGMA journal_mode = WAL") }
        try queue.close()
      }
      try FileSystem.publish(temporary, as: path)
    } catch {
      removeAll(temporary)
      throw error
    }
  }

  /// Removes a database file and what SQLite puts beside it.
  static func removeAll(_ path: String) {
    for suffix in ["", "-journal", "-wal", "-shm"] { unlink(path + suffix) }
  }
}

/// What files need besides SQLite.
enum FileSystem {
  /// Flushes a complete file and gives it its name.
  static func publish(_ temporary: String, as path: String) throws {
    try flush(temporary, path)
    guard rename(temporary, path) == 0 else { throw failure(path) }
    try flush(URL(fileURLWithPath: path).deletingLastPathComponent().path, path)
  }

  private static func flush(_ path: String, _ subject: String) throws {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(subject) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 || errno == EINVAL else { throw failure(subject) }
  }

  private static func failure(_ path: String) -> StoreError {
    StoreError(.environment, "cannot write the file: \(String(cString: strerror(errno)))", at: path)
  }

  /// Bytes of a file; 0 where there is none.
  static func size(_ path: String) -> Int {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_size) : 0
  }
}
