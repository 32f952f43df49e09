internal import Foundation
internal import GRDB

/// Gathers the vectors written in one transaction and writes each page that they touch once.
struct VectorPageWriter {
  /// How many changed pages are kept in memory before they are written: 16 MiB of them.
  private static let limit = 128

  private let db: Database
  private let collection: CollectionRow
  private let path: String
  private var changed: [Int: FloatBlock] = [:]

  /// - Parameter collection: with the change that is being made.
  init(_ db: Database, _ collection: CollectionRow, _ path: String) {
    self.db = db
    self.collection = collection
    self.path = path
  }

  private var layout: PageLayout { collection.layout }

  mutating func write(_ vector: [Float], at slot: Int) throws {
    let block = try page(ofSlot: slot)
    (block.base + layout.row(ofSlot: slot) * layout.dimension).update(from: vector, count: layout.dimension)
  }

  /// Copies a vector to another slot.
  mutating func move(_ source: Int, to target: Int) throws {
    let from = try page(ofSlot: source)
    let to = try page(ofSlot: target)
    (to.base + layout.row(ofSlot: target) * layout.dimension)
      .update(from: from.base + layout.row(ofSlot: source) * layout.dimension, count: layout.dimension)
  }

  /// The page that holds a slot, to be changed.
  private mutating func page(ofSlot slot: Int) throws -> FloatBlock {
    let page = layout.page(ofSlot: slot)
    if let known = changed[page] { return known }
    if changed.count >= Self.limit { try finish() }
    let block = try load(page)
    changed[page] = block
    return block
  }

  mutating func finish() throws {
    for page in changed.keys.sorted() {
      guard let block = changed[page] else { continue }
      let bytes = UnsafeRawBufferPointer(block.buffer)
      let checksum = PageLayout.checksum(collection: collection.number, page: page, change: collection.change, bytes)
      let blob = Data(
        bytesNoCopy: UnsafeMutableRawPointer(block.base), count: layout.bytesPerPage, deallocator: .none)
      try db.cachedStatement(
        sql: """
          INSERT INTO vector_page (collection, page, change, checksum, vectors) VALUES (?, ?, ?, ?, ?)
          ON CONFLICT (collection, page) DO UPDATE
          SET change = excluded.change, checksum = excluded.checksum, vectors = excluded.vectors
          """
      ).execute(arguments: [collection.number, page, collection.change, Int64(checksum), blob])
    }
    changed = [:]
  }

  /// The page as it is stored, or zeros.
  private func load(_ page: Int) throws -> FloatBlock {
    let block = FloatBlock(count: layout.valuesPerPage)
    let isStored = try VectorPageReader(db, collection, path).read(page: page) { values in
      block.base.update(from: values, count: layout.valuesPerPage)
    }
    if !isStored { block.base.update(repeating: 0, count: layout.valuesPerPage) }
    return block
  }
}
