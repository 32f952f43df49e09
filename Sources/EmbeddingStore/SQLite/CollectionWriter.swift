internal import Foundation
internal import GRDB

/// The changes of one transaction to one collection. Nothing is complete until ``finish()``.
struct CollectionWriter {
  private(set) var counts = UpsertCounts()
  private let db: Database
  private var collection: CollectionRow
  private let path: String
  private let reader: DocumentReader
  private var slots: SlotAllocator
  private var pages: VectorPageWriter
  private let fullText: FullTextWriter
  private var isChanged = false

  init(_ db: Database, _ collection: CollectionRow, _ path: String) throws {
    self.db = db
    self.collection = collection
    self.collection.change += 1
    self.path = path
    reader = DocumentReader(db, collection, path)
    slots = SlotAllocator(collection: collection.number, next: collection.slots)
    pages = VectorPageWriter(db, self.collection, path)
    fullText = FullTextWriter(db, collection: collection.number)
  }

  mutating func upsert(_ entry: EmbeddedDocument) throws {
    try Validation.entry(entry, dimension: collection.layout.dimension)
    let document = entry.document
    let hash = DocumentHash.of(document)
    isChanged = true
    if let stored = try reader.find(document.id, slotLimit: slots.next) {
      if stored.hash != hash.bytes {
        let old = try reader.text(of: stored)
        try fullText.replace(old, with: document.text, at: stored.slot)
        let row = DocumentRow(id: document.id, slot: stored.slot, hash: hash)
        try db.cachedStatement(
          sql: "UPDATE document SET hash = ?, checksum = ?, metadata = ? WHERE collection = ? AND id = ?"
        ).execute(arguments: [
          row.hash, Int64(row.checksum(in: collection.number)), document.metadata, collection.number, document.id,
        ])
      }
      try pages.write(entry.embedding, at: stored.slot)
      counts.updated += 1
    } else {
      let row = DocumentRow(id: document.id, slot: try slots.take(db), hash: hash)
      try db.cachedStatement(
        sql: "INSERT INTO document (collection, id, slot, hash, checksum, metadata) VALUES (?, ?, ?, ?, ?, ?)"
      ).execute(arguments: [
        collection.number, row.id, row.slot, row.hash, Int64(row.checksum(in: collection.number)), document.metadata,
      ])
      try fullText.insert(document.text, at: row.slot)
      try pages.write(entry.embedding, at: row.slot)
      counts.added += 1
      collection.documents += 1
    }
  }

  /// - Returns: whether there was such a document.
  mutating func delete(_ id: String) throws -> Bool {
    guard let stored = try reader.find(id, slotLimit: slots.next) else { return false }
    isChanged = true
    try fullText.delete(try reader.text(of: stored), at: stored.slot)
    try db.cachedStatement(sql: "DELETE FROM document WHERE collection = ? AND id = ?")
      .execute(arguments: [collection.number, id])
    try slots.give(stored.slot, db)
    collection.documents -= 1
    return true
  }

  mutating func finish() throws {
    guard isChanged else { return }
    try pages.finish()
    collection.slots = slots.next
    if collection.documents == 0 {
      // Nothing lies in the pages any more: begin anew.
      for table in ["free_slot", "vector_page"] {
        try db.execute(sql: "DELETE FROM \(table) WHERE collection = ?", arguments: [collection.number])
      }
      collection.slots = 0
    }
    try collection.update(db)
  }
}
