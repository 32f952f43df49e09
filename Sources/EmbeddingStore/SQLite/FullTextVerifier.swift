internal import GRDB
internal import Operations

/// Compares a collection's full-text index with its texts. Returns what is wrong, or nil.
struct FullTextVerifier {
  private let db: Database
  private let collection: Int64

  init(_ db: Database, collection: Int64) {
    self.db = db
    self.collection = collection
  }

  /// FTS5's own check, of its structure and of every occurrence of every word. SQLite counts it as a write.
  func checkByLibrary() throws -> String? {
    let table = "fulltext_\(collection)"
    do {
      try db.execute(sql: "INSERT INTO \(table) (\(table), rank) VALUES ('integrity-check', 1)")
      return nil
    } catch let error as DatabaseError where error.resultCode == .SQLITE_CORRUPT {
      return "it does not fit the texts"
    }
  }

  /// The same for readers, a little weaker: for each word, in how many documents it is and how often.
  func checkByCounting(_ cancellation: Cancellation?) throws -> String? {
    struct Count: Equatable {
      var documents = 0
      var occurrences = 0
    }
    var expected: [String: Count] = [:]
    let tokenizer = try db.makeTokenizer(Schema.tokenizer)
    let texts = try Row.fetchCursor(db, sql: "SELECT text FROM text_\(collection)")
    while let row = try texts.next() {
      try cancellation?.check()
      var seen = Set<String>()
      for (word, _) in try tokenizer.tokenize(document: try row.text(0)) {
        expected[word, default: Count()].occurrences += 1
        if seen.insert(word).inserted { expected[word]?.documents += 1 }
      }
    }
    let words = try Row.fetchCursor(db, sql: "SELECT term, doc, cnt FROM vocabulary_\(collection)")
    while let row = try words.next() {
      let stored = Count(documents: Int(try row.integer(1)), occurrences: Int(try row.integer(2)))
      guard expected.removeValue(forKey: try row.text(0)) == stored else { return "it does not fit the texts" }
    }
    return expected.isEmpty ? nil : "it lacks words of the texts"
  }
}
