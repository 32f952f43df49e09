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
      let matches = try matches(TextQuery.expression(chosen), in: row, filter, limit: limit, db)
      return try best(matches, limit: limit, in: row, db)
    }
  }

  private struct Match {
    let slot: Int64
    let score: Double
  }

  /// The best `limit` by score, best first, and all others with the last one's score.
  private func matches(
    _ expression: String, in collection: CollectionRow, _ filter: MetadataFilter?, limit: Int, _ db: Database
  ) throws -> [Match] {
    // SQLite sorts faster than we could fetch all matches. A few more than needed tell whether there are ties with
    // the last one; seldom are they so many that it must be asked again.
    let ahead = limit < Int(Int32.max) ? limit + 16 : -1
    let matches = try fetch(expression, in: collection, filter, limit: ahead, db)
    guard ahead > 0, matches.count == ahead else { return matches }
    let last = matches[limit - 1].score
    if matches[ahead - 1].score < last { return Array(matches.prefix { $0.score >= last }) }
    return try fetch(expression, in: collection, filter, limit: -1, db).filter { $0.score >= last }
  }

  private func fetch(
    _ expression: String, in collection: CollectionRow, _ filter: MetadataFilter?, limit: Int, _ db: Database
  ) throws -> [Match] {
    let table = "fulltext_\(collection.number)"
    let condition = MetadataCondition(filter)
    var sql = "SELECT \(table).rowid, bm25(\(table)) AS score FROM \(table)"
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
    // FTS5's scores are the better the smaller.
    sql += " ORDER BY score LIMIT ?"
    return try Row.fetchAll(db, sql: sql, arguments: arguments + [limit]).map {
      Match(slot: try $0.integer(0), score: -(try $0.real(1)))
    }
  }

  /// The first `limit` by score and, where scores are equal, by id.
  private func best(
    _ matches: [Match], limit: Int, in collection: CollectionRow, _ db: Database
  ) throws -> [ScoredDocument] {
    let statement = try db.cachedStatement(
      sql: "SELECT \(DocumentRow.columns) FROM document WHERE collection = ? AND slot = ?")
    var found = try matches.map { match in
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
