internal import GRDB

/// Moves the documents of a collection to its lowest slots, in the order of their slots, and drops the pages behind.
struct SlotCompaction {
  private let db: Database
  private var collection: CollectionRow
  private let path: String

  init(_ db: Database, _ collection: CollectionRow, _ path: String) {
    self.db = db
    self.collection = collection
    self.path = path
  }

  consuming func run() throws {
    guard collection.slots > collection.documents else {
      try db.execute(
        sql: "INSERT INTO fulltext_\(collection.number) (fulltext_\(collection.number)) VALUES ('optimize')")
      return
    }
    var moved: [DocumentRow] = []
    try DocumentReader(db, collection, path).forEachRow(matching: nil) { moved.append($0) }
    moved.sort { $0.slot < $1.slot }

    collection.change += 1
    var pages = VectorPageWriter(db, collection, path)
    for (slot, document) in moved.enumerated() where document.slot != slot {
      // Slots only move down, to where nothing lies any more.
      try pages.move(document.slot, to: slot)
      try move(document, to: slot)
    }
    try pages.finish()

    collection.slots = moved.count
    try db.execute(sql: "DELETE FROM free_slot WHERE collection = ?", arguments: [collection.number])
    try db.execute(
      sql: "DELETE FROM vector_page WHERE collection = ? AND page >= ?",
      arguments: [collection.number, collection.layout.pageCount(slots: collection.slots)])
    try db.execute(
      sql: "INSERT INTO fulltext_\(collection.number) (fulltext_\(collection.number)) VALUES ('rebuild')")
    try collection.update(db)
  }

  private func move(_ document: DocumentRow, to slot: Int) throws {
    try db.cachedStatement(sql: "UPDATE text_\(collection.number) SET slot = ? WHERE slot = ?")
      .execute(arguments: [slot, document.slot])
    let row = document.moved(to: slot)
    try db.cachedStatement(sql: "UPDATE document SET slot = ?, checksum = ? WHERE collection = ? AND id = ?")
      .execute(arguments: [slot, Int64(row.checksum(in: collection.number)), collection.number, row.id])
  }
}
