internal import GRDB

/// Hands out the slots of a collection within one transaction: freed ones first, the smallest first, then new ones.
struct SlotAllocator {
  /// The next new slot.
  private(set) var next: Int
  private let collection: Int64
  /// Free slots read from the store, the smallest last.
  private var known: [Int] = []
  private var mayHaveMore = true

  init(collection: Int64, next: Int) {
    self.collection = collection
    self.next = next
  }

  mutating func take(_ db: Database) throws -> Int {
    if known.isEmpty, mayHaveMore { try fetch(db) }
    guard let slot = known.popLast() else {
      defer { next += 1 }
      return next
    }
    try db.cachedStatement(sql: "DELETE FROM free_slot WHERE collection = ? AND slot = ?")
      .execute(arguments: [collection, slot])
    return slot
  }

  mutating func give(_ slot: Int, _ db: Database) throws {
    try db.cachedStatement(sql: "INSERT INTO free_slot (collection, slot) VALUES (?, ?)")
      .execute(arguments: [collection, slot])
    mayHaveMore = true
  }

  private mutating func fetch(_ db: Database) throws {
    let rows = try Row.fetchAll(
      db, sql: "SELECT slot FROM free_slot WHERE collection = ? ORDER BY slot LIMIT 1000", arguments: [collection])
    known = try rows.map { Int(try $0.integer(0)) }.reversed()
    mayHaveMore = !known.isEmpty
  }
}
