internal import Foundation
internal import GRDB
internal import Operations

/// Reads the documents of a collection, each against its checksums.
struct DocumentReader {
  private let db: Database
  private let collection: CollectionRow
  private let path: String

  init(_ db: Database, _ collection: CollectionRow, _ path: String) {
    self.db = db
    self.collection = collection
    self.path = path
  }

  /// The row of a document, or nil.
  ///
  /// - Parameter slotLimit: where slots were handed out since the collection's row was read.
  func find(_ id: String, slotLimit: Int? = nil) throws -> DocumentRow? {
    let statement = try db.cachedStatement(
      sql: "SELECT \(DocumentRow.columns) FROM document WHERE collection = ? AND id = ?")
    var collection = collection
    if let slotLimit { collection.slots = slotLimit }
    return try Row.fetchOne(statement, arguments: [collection.number, id]).map {
      try DocumentRow($0, of: collection, path)
    }
  }

  /// The text of a stored document.
  ///
  /// - Throws: ``StoreError`` of category `damaged` when text and metadata are not those that were hashed.
  func text(of row: DocumentRow) throws -> String { try document(row).text }

  func document(_ row: DocumentRow) throws -> Document {
    let statement = try db.cachedStatement(
      sql: """
        SELECT metadata, (SELECT text FROM text_\(collection.number) WHERE slot = document.slot)
        FROM document WHERE collection = ? AND id = ?
        """)
    let values = try Row.fetchOne(statement, arguments: [collection.number, row.id])
    let document = Document(
      id: row.id, text: try values?.optionalText(1) ?? "", metadata: try values?.optionalText(0))
    guard DocumentHash.of(document).bytes == row.hash else {
      throw StoreError.damaged("the text of the document \"\(row.id.excerpt())\" is damaged", at: path)
    }
    return document
  }

  /// All rows that pass the filter, in ascending order of their ids' bytes.
  func forEachRow(matching filter: MetadataFilter?, _ body: (DocumentRow) throws -> Void) throws {
    let condition = MetadataCondition(filter)
    let rows = try Row.fetchCursor(
      db,
      sql: """
        SELECT \(DocumentRow.columns) FROM document
        WHERE collection = ?\(condition.sql) ORDER BY id
        """,
      arguments: [collection.number] + condition.arguments)
    while let row = try rows.next() { try body(DocumentRow(row, of: collection, path)) }
  }

  func ids(matching filter: MetadataFilter?) throws -> [String] {
    var ids: [String] = []
    try forEachRow(matching: filter) { ids.append($0.id) }
    return ids
  }
}
