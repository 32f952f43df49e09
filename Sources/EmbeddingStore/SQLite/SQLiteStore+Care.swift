internal import Foundation
internal import GRDB
public import Operations

extension SQLiteStore {
  /// Sizes and content.
  public func info() throws -> StoreInfo {
    try read { db in
      func number(_ pragma: String) throws -> Int {
        Int(try Row.fetchOne(db, sql: "PRAGMA \(pragma)")?.integer(0) ?? 0)
      }
      return StoreInfo(
        path: path, format: try number("user_version"),
        sqlite: try Row.fetchOne(db, sql: "SELECT sqlite_version()")?.text(0) ?? "",
        fileBytes: FileSystem.size(path), logBytes: FileSystem.size(path + "-wal"),
        freeBytes: try number("freelist_count") * number("page_size"),
        collections: try CollectionRow.fetchAll(db, path).map(\.info))
    }
  }

  /// Writes a copy of the store as it is at this moment, while others read and write it. The copy is checked in full
  /// before it gets its name.
  ///
  /// - Parameters:
  ///   - target: the copy's path; nothing may be there yet, unless `replacing`.
  ///   - progress: called with pages copied and pages in all.
  /// - Throws: ``StoreError``, of category `damaged` when the store does not pass its check; no copy is left then.
  public func backup(
    to target: String, replacing: Bool = false, cancellation: Cancellation? = nil,
    progress: @escaping (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws {
    let target = try StorePath.resolve(target)
    guard target != path else { throw StoreError(.badInput, "a store cannot be its own backup", at: target) }
    guard replacing || !StorePath.exists(target) else {
      throw StoreError(.conflict, "there is a file already", at: target, hint: "give another name for the backup")
    }
    let temporary = target + ".\(getpid()).partial"
    StoreCreation.removeAll(temporary)
    defer { StoreCreation.removeAll(temporary) }
    try copy(to: temporary, cancellation, progress)
    let copy = try SQLiteStore(path: temporary, mode: .readWrite)
    let report = try copy.verify(cancellation: cancellation)
    copy.close()
    if let problem = report.problems.first { throw StoreError.damaged("the store is damaged: \(problem)", at: path) }
    try FileSystem.publish(temporary, as: target)
  }

  private func copy(
    to temporary: String, _ cancellation: Cancellation?, _ progress: @escaping (_ done: Int, _ total: Int) -> Void
  ) throws {
    let target = try StoreError.mapping(temporary) {
      try DatabaseQueue(path: temporary, configuration: Connections.configuration)
    }
    defer { try? target.close() }
    try read { db in
      try StoreError.mapping(temporary) {
        try target.writeWithoutTransaction { copy in
          // 16 MiB a step; the source is one snapshot for all of them.
          try db.backup(to: copy, pagesPerStep: 1024) { state in
            try cancellation?.check()
            progress(state.completedPageCount, state.totalPageCount)
          }
          // The mark belongs to the session of the store that was copied.
          try SessionMark.clear(copy)
        }
      }
    }
  }

  /// Gives the space of deleted documents back to the file system: documents move to the lowest slots, the full-text
  /// index is rebuilt where they moved, and the file is written anew (which needs as much free space again).
  public func compact(cancellation: Cancellation? = nil) throws {
    for name in try collections().map(\.name) {
      try cancellation?.check()
      try write { db in
        try SlotCompaction(db, try CollectionRow.require(db, name: name, path), path).run()
      }
    }
    try cancellation?.check()
    // Collections or not, the mark is set now: VACUUM runs outside of a transaction.
    try write { _ in }
    try writeWithoutTransaction { db in
      try db.execute(sql: "VACUUM")
      _ = try Row.fetchAll(db, sql: "PRAGMA wal_checkpoint(TRUNCATE)")
    }
  }
}
