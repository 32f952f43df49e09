internal import GRDB

/// The mark of a writing session: set in the transaction of the session's first change, taken away when it is closed.
/// A mark without a writer means that the last session ended uncleanly.
enum SessionMark {
  static func isSet(_ db: Database) throws -> Bool {
    let row = try Row.fetchOne(db, sql: "SELECT value FROM store WHERE key = 'session'")
    return try row.map { try $0.text(0) } != "closed"
  }

  static func set(_ db: Database) throws { try write("open", db) }

  static func clear(_ db: Database) throws { try write("closed", db) }

  private static func write(_ value: String, _ db: Database) throws {
    try db.execute(sql: "INSERT OR REPLACE INTO store (key, value) VALUES ('session', ?)", arguments: [value])
  }
}
