internal import Foundation
internal import GRDB
internal import Operations

extension SQLiteStore {
  public func hashes(in collection: String, of ids: [String]) throws -> [String: DocumentHash] {
    try read { db in
      let reader = DocumentReader(db, try CollectionRow.require(db, name: collection, path), path)
      var result: [String: DocumentHash] = [:]
      for id in ids {
        if let row = try reader.find(id) { result[id] = DocumentHash(bytes: row.hash) }
      }
      return result
    }
  }

  public func documents(_ ids: [String], in collection: String) throws -> [Document] {
    try read { db in
      let reader = DocumentReader(db, try CollectionRow.require(db, name: collection, path), path)
      return try ids.compactMap { id in try reader.find(id).map(reader.document) }
    }
  }

  public func ids(in collection: String, matching filter: MetadataFilter?) throws -> [String] {
    try read { db in
      try DocumentReader(db, try CollectionRow.require(db, name: collection, path), path).ids(matching: filter)
    }
  }
}
