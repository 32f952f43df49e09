internal import GRDB

/// Keeps a collection's texts and its full-text index in step. The index holds no text of its own, so it must be told
/// the old text of whatever is taken out of it.
struct FullTextWriter {
  private let db: Database
  private let collection: Int64

  init(_ db: Database, collection: Int64) {
    self.db = db
    self.collection = collection
  }

  func insert(_ text: String, at slot: Int) throws {
    guard !text.isEmpty else { return }
    try db.cachedStatement(sql: "INSERT INTO text_\(collection) (slot, text) VALUES (?, ?)")
      .execute(arguments: [slot, text])
    try db.cachedStatement(sql: "INSERT INTO fulltext_\(collection) (rowid, text) VALUES (?, ?)")
      .execute(arguments: [slot, text])
  }

  func delete(_ text: String, at slot: Int) throws {
    guard !text.isEmpty else { return }
    try db.cachedStatement(
      sql: "INSERT INTO fulltext_\(collection) (fulltext_\(collection), rowid, text) VALUES ('delete', ?, ?)"
    ).execute(arguments: [slot, text])
    try db.cachedStatement(sql: "DELETE FROM text_\(collection) WHERE slot = ?").execute(arguments: [slot])
  }

  func replace(_ old: String, with new: String, at slot: Int) throws {
    guard old != new || !old.utf8.elementsEqual(new.utf8) else { return }
    try delete(old, at: slot)
    try insert(new, at: slot)
  }
}
