internal import GRDB
internal import Operations
internal import Synchronization

extension SQLiteStore {
  public func searchText(
    _ query: String, in collection: String, limit: Int, filter: MetadataFilter? = nil
  ) throws -> [ScoredDocument] {
    try read { db in
      let row = try CollectionRow.require(db, name: collection, path)
      guard limit > 0 else { return [] }
      let words = try TextQuery.words(of: query, db).map {
        TextQuery.Word(text: $0.text, frequency: try frequency(of: $0.stem, in: row, db))
      }
      let chosen = TextQuery.choose(words, documents: row.documents)
      guard !chosen.isEmpty else { return [] }
      let matches = try matches(TextQuery.expression(chosen), in: row, filter, db)
      return try best(matches, limit: limit, in: row, db)
    }
  }

  private struct Match {
    let slot: Int64
    let score: Double
  }

  private func matches(
    _ expression: String, in collection: CollectionRow, _ filter: MetadataFilter?, _ db: Database
  ) throws -> [Match] {
    let table = "fulltext_\(collection.number)"
    let condition = MetadataCondition(filter)
    var sql = "SELECT \(table).rowid, bm25(\(table)) FROM \(table)"
    var arguments: StatementArguments = [expression]
    if condition.sql.isEmpty {
      sql += " WHERE \(table) MATCH ?"
    } else {
      // CROSS: SQLite keeps the order, so the words are looked up first.
      sql += """
         CROSS JOIN document ON document.collection = ? AND document.slot = \(table).rowid
        WHERE \(table) MATCH ?\(condition.sql)
        """
      arguments = [collection.number, expression] + condition.arguments
    }
    let rows = try Row.fetchCursor(db, sql: sql, arguments: arguments)
    var matches: [Match] = []
    while let row = try rows.next() {
      // FTS5's scores are the better the smaller.
      matches.append(Match(slot: try row.integer(0), score: -(try row.real(1))))
    }
    return matches
  }

  /// The first `limit` by score and, where scores are equal, by id.
  private func best(
    _ matches: [Match], limit: Int, in collection: CollectionRow, _ db: Database
  ) throws -> [ScoredDocument] {
    var kept = matches.sorted { $0.score > $1.score }
    if kept.count > limit {
      // All with the last one's score: their ids decide.
      let last = kept[limit - 1].score
      kept = Array(kept.prefix { $0.score >= last })
    }
    let statement = try db.cachedStatement(
      sql: "SELECT \(DocumentRow.columns) FROM document WHERE collection = ? AND slot = ?")
    var found = try kept.map { match in
      guard let row = try Row.fetchOne(statement, arguments: [collection.number, match.slot]) else {
        throw StoreError.damaged("the full-text index of \"\(collection.name)\" names unknown documents", at: path)
      }
      return ScoredDocument(id: try DocumentRow(row, of: collection, path).id, score: match.score)
    }
    found.sort { $0.score != $1.score ? $0.score > $1.score : $0.id.precedesByBytes($1.id) }
    return Array(found.prefix(limit))
  }

  private func frequency(of stem: String, in collection: CollectionRow, _ db: Database) throws -> Int {
    let known = frequencies.withLock { frequencies in
      frequencies.forget(unless: collection)
      return frequencies[stem]
    }
    if let known { return known }
    let statement = try db.cachedStatement(sql: "SELECT doc FROM vocabulary_\(collection.number) WHERE term = ?")
    let count = try Row.fetchOne(statement, arguments: [stem]).map { Int(try $0.integer(0)) } ?? 0
    frequencies.withLock { frequencies in
      frequencies.forget(unless: collection)
      frequencies[stem] = count
    }
    return count
  }
}
