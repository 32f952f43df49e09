internal import GRDB
internal import Operations
internal import Synchronization

/// A collection's vectors as they were after one of its changes.
struct VectorSnapshot: Sendable {
  let collection: Int64
  let change: Int
  let vectors: VectorSet
}

extension SQLiteStore {
  public func vectors(of collection: String) throws -> VectorSet {
    try read { db in
      let row = try CollectionRow.require(db, name: collection, path)
      if let known = current(row) { return known }
      return try loading.withLock { _ in
        if let known = current(row) { return known }
        let previous = snapshots.withLock { $0[collection] }
        let vectors = try VectorLoader(db, row, path).load(
          reusing: previous.flatMap { $0.collection == row.number && $0.change <= row.change ? $0 : nil },
          precision: scanPrecision)
        let snapshot = VectorSnapshot(collection: row.number, change: row.change, vectors: vectors)
        snapshots.withLock { $0[collection] = snapshot }
        return vectors
      }
    }
  }

  private func current(_ row: CollectionRow) -> VectorSet? {
    snapshots.withLock { snapshots in
      guard let known = snapshots[row.name], known.collection == row.number, known.change == row.change else {
        return nil
      }
      return known.vectors
    }
  }
}
