internal import GRDB
internal import Operations

extension SQLiteStore {
  @discardableResult
  public func upsert(_ entries: [EmbeddedDocument], into collection: String) throws -> UpsertCounts {
    guard !entries.isEmpty else {
      _ = try requireCollection(collection)
      return UpsertCounts()
    }
    return try write { db in
      var writer = try CollectionWriter(db, try CollectionRow.require(db, name: collection, path), path)
      for entry in entries { try writer.upsert(entry) }
      try writer.finish()
      return writer.counts
    }
  }

  @discardableResult
  public func delete(_ ids: [String], from collection: String) throws -> Int {
    try delete(from: collection) { _, _ in ids }
  }

  @discardableResult
  public func prune(_ collection: String, keeping ids: Set<String>) throws -> Int {
    try delete(from: collection) { db, row in
      try DocumentReader(db, row, path).ids(matching: nil).filter { !ids.contains($0) }
    }
  }

  private func delete(
    from collection: String, choose: (Database, CollectionRow) throws -> [String]
  ) throws -> Int {
    // Nothing to delete is no reason to write.
    let isNeeded = try read { db in
      let row = try CollectionRow.require(db, name: collection, path)
      let reader = DocumentReader(db, row, path)
      return try choose(db, row).contains { try reader.find($0) != nil }
    }
    guard isNeeded else { return 0 }
    return try write { db in
      let row = try CollectionRow.require(db, name: collection, path)
      var writer = try CollectionWriter(db, row, path)
      var count = 0
      for id in try choose(db, row) where try writer.delete(id) { count += 1 }
      try writer.finish()
      return count
    }
  }
}
