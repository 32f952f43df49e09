internal import Foundation
internal import GRDB
internal import Operations

/// Reads vector pages, each against its checksum.
struct VectorPageReader {
  private let db: Database
  private let collection: CollectionRow
  private let path: String

  init(_ db: Database, _ collection: CollectionRow, _ path: String) {
    self.db = db
    self.collection = collection
    self.path = path
  }

  /// Each page's number and the change in which it was written. Does not read the vectors.
  func changes() throws -> [(page: Int, change: Int)] {
    try Row.fetchAll(
      db, sql: "SELECT page, change FROM vector_page WHERE collection = ? ORDER BY page",
      arguments: [collection.number]
    ).map { (Int(try $0.integer(0)), Int(try $0.integer(1))) }
  }

  /// Gives `body` the values of a page, `rowsPerPage × dimension`, valid only within the call.
  ///
  /// - Returns: false where there is no such page.
  /// - Throws: ``StoreError`` of category `damaged` when it fails its checksum.
  func read(page: Int, _ body: (UnsafePointer<Float>) throws -> Void) throws -> Bool {
    let statement = try db.cachedStatement(
      sql: "SELECT change, checksum, vectors FROM vector_page WHERE collection = ? AND page = ?")
    let rows = try Row.fetchCursor(statement, arguments: [collection.number, page])
    guard let row = try rows.next() else { return false }
    let change = Int(try row.integer(0))
    let checksum = try row.integer(1)
    try row.withUnsafeData(atIndex: 2) { data in
      try (data ?? Data()).withUnsafeBytes { (bytes: UnsafeRawBufferPointer) throws in
        guard bytes.count == collection.layout.bytesPerPage,
          checksum == Int64(PageLayout.checksum(collection: collection.number, page: page, change: change, bytes)),
          let base = bytes.baseAddress
        else { throw damaged(page) }
        guard Int(bitPattern: base) % MemoryLayout<Float>.alignment == 0 else {
          // SQLite aligns its values to eight bytes; should it ever not, a copy is aligned.
          let copy = FloatBlock(count: collection.layout.valuesPerPage)
          UnsafeMutableRawPointer(copy.base).copyMemory(from: base, byteCount: bytes.count)
          return try body(copy.base)
        }
        try body(base.assumingMemoryBound(to: Float.self))
      }
    }
    return true
  }

  func damaged(_ page: Int) -> StoreError {
    .damaged("vector page \(page) of the collection \"\(collection.name)\" is damaged", at: path)
  }
}
