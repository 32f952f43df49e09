internal import Foundation
internal import GRDB
internal import Operations

/// A row of the table `document` without its texts. Its checksum ties id, slot and content hash together, and the
/// hash covers text and metadata: no flipped bit in any of them goes unnoticed.
struct DocumentRow {
  let id: String
  let slot: Int
  let hash: Data

  /// The columns of `document` in the order in which ``init(_:of:_:)`` reads them.
  static let columns = "document.id, document.slot, document.hash, document.checksum"

  init(id: String, slot: Int, hash: DocumentHash) {
    self.id = id
    self.slot = slot
    self.hash = hash.bytes
  }

  /// The same document in another slot.
  func moved(to slot: Int) -> DocumentRow { DocumentRow(id: id, slot: slot, hash: hash) }

  private init(id: String, slot: Int, hash: Data) {
    self.id = id
    self.slot = slot
    self.hash = hash
  }

  /// - Throws: ``StoreError`` of category `damaged` when the row fails its checksum.
  init(_ row: Row, of collection: CollectionRow, _ path: String) throws {
    id = try row.text(0)
    let slot = try row.integer(1)
    hash = try row.data(2)
    self.slot = Int(slot)
    guard try row.integer(3) == Int64(checksum(in: collection.number)), slot >= 0, slot < collection.slots,
      hash.count == DocumentHash.byteCount
    else {
      throw StoreError.damaged("the document \"\(id.excerpt())\" is damaged", at: path)
    }
  }

  func checksum(in collection: Int64) -> UInt32 {
    var checksum = Checksum()
    checksum.add(collection)
    checksum.add(Int64(slot))
    checksum.add(hash)
    checksum.add(id)
    return checksum.value
  }
}
