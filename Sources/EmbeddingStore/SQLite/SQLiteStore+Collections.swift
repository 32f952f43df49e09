internal import GRDB
internal import Operations
internal import Synchronization

extension SQLiteStore {
  public func collections() throws -> [CollectionInfo] {
    try read { db in try CollectionRow.fetchAll(db, path).map(\.info) }
  }

  public func collection(_ name: String) throws -> CollectionInfo? {
    try read { db in try CollectionRow.fetchOne(db, name: name, path)?.info }
  }

  @discardableResult
  public func createCollection(
    _ name: String, fingerprint: String, dimension: Int, precision: String = "float32"
  ) throws -> CollectionInfo {
    try Validation.collection(name: name, fingerprint: fingerprint, dimension: dimension, precision: precision)
    func matching(_ existing: CollectionInfo) throws -> CollectionInfo {
      guard existing.fingerprint == fingerprint, existing.dimension == dimension, existing.precision == precision
      else {
        throw StoreError(
          .conflict, "the collection \"\(name)\" belongs to another model", at: path,
          expected: Self.describe(existing.fingerprint, existing.dimension, existing.precision),
          found: Self.describe(fingerprint, dimension, precision),
          hint: "use the model that made it, or another collection")
      }
      return existing
    }
    // Mostly it is there already; then nothing is written.
    if let existing = try collection(name) { return try matching(existing) }
    return try write { db in
      if let existing = try CollectionRow.fetchOne(db, name: name, path)?.info { return try matching(existing) }
      let row = CollectionRow(
        number: try Self.nextNumber(db), name: name, fingerprint: fingerprint, dimension: dimension,
        precision: precision)
      try row.insert(db)
      try Schema.createTables(ofCollection: row.number, db)
      return row.info
    }
  }

  public func deleteCollection(_ name: String) throws {
    try write { db in
      let row = try CollectionRow.require(db, name: name, path)
      try Schema.dropTables(ofCollection: row.number, db)
      for table in ["document", "free_slot", "vector_page"] {
        try db.execute(sql: "DELETE FROM \(table) WHERE collection = ?", arguments: [row.number])
      }
      try db.execute(sql: "DELETE FROM collection WHERE number = ?", arguments: [row.number])
    }
    snapshots.withLock { $0[name] = nil }
  }

  /// Numbers are never used again, so that what is remembered of a deleted collection cannot be taken for a new one's.
  private static func nextNumber(_ db: Database) throws -> Int64 {
    let row = try Row.fetchOne(db, sql: "SELECT seq FROM sqlite_sequence WHERE name = 'collection'")
    return try (row?.integer(0) ?? 0) + 1
  }

  private static func describe(_ fingerprint: String, _ dimension: Int, _ precision: String) -> String {
    "model \(fingerprint.prefix(12)) with \(dimension) values in \(precision)"
  }
}
