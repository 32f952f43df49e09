internal import Foundation
internal import GRDB
internal import Operations

/// The full check of a store: SQLite's own structures, then everything that has a checksum or must agree with
/// something else.
final class StoreVerifier {
  private(set) var report = VerificationReport()
  private let db: Database
  private let path: String
  private let isWritable: Bool
  private let cancellation: Cancellation?

  /// - Parameter isWritable: whether FTS5's own check can be run, which SQLite counts as a write.
  init(_ db: Database, _ path: String, isWritable: Bool, _ cancellation: Cancellation?) {
    self.db = db
    self.isWritable = isWritable
    self.path = path
    self.cancellation = cancellation
  }

  func run() throws {
    try checkDatabase()
    guard let collections = try attempt("collections", { try CollectionRow.fetchAll(db, path) }) else { return }
    for collection in collections {
      report.collections += 1
      try checkDocuments(collection)
      try checkSlots(collection)
      try checkFullText(collection)
    }
  }

  // MARK: - The database

  private func checkDatabase() throws {
    try cancellation?.check()
    let lines = try attempt("the database") {
      try Row.fetchAll(db, sql: "PRAGMA integrity_check(\(VerificationReport.limit))").map { try $0.text(0) }
    }
    for line in lines ?? [] where line != "ok" { report.add("the database: \(line)") }
    let violations = try attempt("references") { try Row.fetchAll(db, sql: "PRAGMA foreign_key_check") }
    for violation in violations ?? [] {
      report.add("\(violation[0] as DatabaseValue) has a row of an unknown collection")
    }
  }

  // MARK: - Documents and vectors

  private func checkDocuments(_ collection: CollectionRow) throws {
    let reader = DocumentReader(db, collection, path)
    var slots: [Int: String] = [:]
    var count = 0
    let rows = try attempt("documents of \"\(collection.name)\"") {
      try Row.fetchAll(
        db, sql: "SELECT \(DocumentRow.columns) FROM document WHERE collection = ?", arguments: [collection.number])
    }
    for row in rows ?? [] {
      if count % 1000 == 0 { try cancellation?.check() }
      count += 1
      guard let document = try attempt(nil, { try DocumentRow(row, of: collection, path) }) else { continue }
      _ = try attempt(nil) { try reader.document(document) }
      if let other = slots.updateValue(document.id, forKey: document.slot) {
        report.add("the documents \"\(other)\" and \"\(document.id)\" share a vector")
      }
    }
    if count != collection.documents {
      report.add("\"\(collection.name)\" has \(count) documents instead of \(collection.documents)")
    }
    report.documents += count
    try checkPages(collection, Set(slots.keys))
  }

  private func checkPages(_ collection: CollectionRow, _ slots: Set<Int>) throws {
    let layout = collection.layout
    let reader = VectorPageReader(db, collection, path)
    guard let pages = try attempt("vector pages of \"\(collection.name)\"", { try reader.changes() }) else { return }
    if pages.map(\.page) != Array(0..<layout.pageCount(slots: collection.slots)) {
      report.add("\"\(collection.name)\" has lost vector pages")
    }
    for (page, change) in pages {
      try cancellation?.check()
      if change > collection.change { report.add("vector page \(page) of \"\(collection.name)\" is from the future") }
      var broken: [Int] = []
      var count = 0
      let isRead = try attempt(nil) {
        try reader.read(page: page) { values in
          for row in 0..<layout.rowsPerPage where slots.contains(page * layout.rowsPerPage + row) {
            count += 1
            let vector = UnsafeBufferPointer(start: values + row * layout.dimension, count: layout.dimension)
            if !vector.allSatisfy(\.isFinite) { broken.append(page * layout.rowsPerPage + row) }
          }
        }
      }
      if isRead == true { report.pages += 1 }
      report.vectors += count
      for slot in broken { report.add("vector \(slot) of \"\(collection.name)\" has a value that is not finite") }
    }
  }

  /// Every slot is used by one document or free.
  private func checkSlots(_ collection: CollectionRow) throws {
    let rows = try attempt("slots of \"\(collection.name)\"") {
      try Row.fetchAll(
        db,
        sql: """
          SELECT
            (SELECT count(*) FROM free_slot WHERE collection = ?1),
            (SELECT count(*) FROM free_slot JOIN document USING (collection, slot) WHERE collection = ?1),
            (SELECT count(*) FROM free_slot WHERE collection = ?1 AND NOT slot BETWEEN 0 AND ?2 - 1),
            (SELECT count(*) FROM text_\(collection.number)
             WHERE slot NOT IN (SELECT slot FROM document WHERE collection = ?1))
          """, arguments: [collection.number, collection.slots]
      ).map { row in try (0..<4).map { Int(try row.integer($0)) } }
    }
    guard let counts = rows?.first else { return }
    if counts[0] + collection.documents != collection.slots || counts[1] > 0 || counts[2] > 0 {
      report.add("the free slots of \"\(collection.name)\" do not fit its documents")
    }
    if counts[3] > 0 { report.add("\"\(collection.name)\" has \(counts[3]) texts without a document") }
  }

  // MARK: - Full text

  private func checkFullText(_ collection: CollectionRow) throws {
    try cancellation?.check()
    let subject = "the full-text index of \"\(collection.name)\""
    let problem = try attempt(subject) {
      let verifier = FullTextVerifier(db, collection: collection.number)
      return isWritable ? try verifier.checkByLibrary() : try verifier.checkByCounting(cancellation)
    }
    if let problem, let problem { report.add("\(subject): \(problem)") }
  }

  /// Runs a step; damage becomes a problem in the report, anything else ends the check.
  private func attempt<Result>(_ subject: String?, _ step: () throws -> Result) throws -> Result? {
    do {
      return try StoreError.mapping(path, step)
    } catch let error as StoreError where error.diagnosis.category == .damaged {
      report.add((subject.map { "\($0): " } ?? "") + error.diagnosis.what)
      return nil
    }
  }
}
