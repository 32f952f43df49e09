internal import GRDB
internal import Operations

/// Brings the vectors of a collection into memory: whole pages are read, and each row is copied to its place in the
/// order of ids. Rows of pages that did not change since the last time are copied from memory.
struct VectorLoader {
  private let db: Database
  private let collection: CollectionRow
  private let path: String

  init(_ db: Database, _ collection: CollectionRow, _ path: String) {
    self.db = db
    self.collection = collection
    self.path = path
  }

  func load(reusing previous: VectorSnapshot?, precision: ScanPrecision) throws -> VectorSet {
    let (ids, placement) = try readDocuments()
    let layout = collection.layout
    let rows = try RowCollector(count: ids.count, width: layout.dimension, inFile: precision != .float32)
    let reader = VectorPageReader(db, collection, path)
    let pages = try reader.changes()
    guard pages.map(\.page) == Array(0..<layout.pageCount(slots: collection.slots)) else {
      throw StoreError.damaged("the collection \"\(collection.name)\" has lost vector pages", at: path)
    }
    for (page, change) in pages {
      if let previous, change <= previous.change {
        try copy(page, of: previous.vectors, to: rows, placement)
      } else {
        _ = try reader.read(page: page) { values in
          try forEachRow(of: page, placement) { row, index in
            try rows.put(values + row * layout.dimension, at: index)
          }
        }
      }
    }
    return VectorSet(
      dimension: layout.dimension, ids: ids, rows: try rows.finish(), placement: placement, precision: precision)
  }

  private func readDocuments() throws -> (ids: [String], placement: SlotPlacement) {
    var ids: [String] = []
    var slots: [Int32] = []
    ids.reserveCapacity(collection.documents)
    slots.reserveCapacity(collection.documents)
    try DocumentReader(db, collection, path).forEachRow(matching: nil) { document in
      ids.append(document.id)
      slots.append(Int32(truncatingIfNeeded: document.slot))
    }
    let placement = SlotPlacement(slots: slots, slotCount: collection.slots)
    // Two documents in one slot would leave one of them without a way back.
    guard ids.count == collection.documents,
      zip(placement.slots, 0...).allSatisfy({ placement.index(at: Int($0)) == $1 })
    else {
      throw StoreError.damaged("the collection \"\(collection.name)\" has lost documents", at: path)
    }
    return (ids, placement)
  }

  private func copy(_ page: Int, of previous: VectorSet, to rows: RowCollector, _ placement: SlotPlacement) throws {
    let layout = collection.layout
    try forEachRow(of: page, placement) { row, index in
      guard let old = previous.placement.index(at: page * layout.rowsPerPage + row) else {
        throw VectorPageReader(db, collection, path).damaged(page)
      }
      try rows.put(previous.rows.base + old * layout.dimension, at: index)
    }
  }

  /// The rows of a page that are in use, each with its index in the set.
  private func forEachRow(
    of page: Int, _ placement: SlotPlacement, _ body: (_ row: Int, _ index: Int) throws -> Void
  ) rethrows {
    let first = page * collection.layout.rowsPerPage
    for row in 0..<collection.layout.rowsPerPage {
      if let index = placement.index(at: first + row) { try body(row, index) }
    }
  }
}
