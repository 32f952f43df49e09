import EmbeddingStore
import Foundation
import GRDB
import Operations
import Testing

/// Flipped bits: never a crash, and never other content than what was stored.
@Suite struct DamageTests {
  static let entries = (0..<40).map {
    EmbeddedDocument.sample(
      "s\($0)", "story \($0) of fox and crow number\($0)", metadata: "{\"n\": \($0)}", dimension: 16)
  }

  func make(in place: TemporaryStore) throws {
    let store = try place.open()
    try store.createCollection("default", fingerprint: "ab12", dimension: 16)
    try store.upsert(Self.entries, into: "default")
    try store.delete(["s3", "s17"], from: "default")
    store.close()
  }

  /// Reads everything; what is returned must be what was stored.
  func readAll(_ store: SQLiteStore) throws {
    let expected = Self.entries.filter { !["s3", "s17"].contains($0.document.id) }
      .sorted { $0.document.id < $1.document.id }
    let vectors = try store.vectors(of: "default")
    #expect(vectors.ids == expected.map(\.document.id))
    for (index, entry) in expected.enumerated() { #expect(vectors.vector(at: index) == entry.embedding) }
    // A damaged index tree can hide a document from a look-up; what it gives is right.
    let documents = try store.documents(expected.map(\.document.id), in: "default")
    #expect(documents.allSatisfy { document in expected.contains { $0.document == document } })
    #expect(documents.count == expected.count)
  }

  /// Opens, reads and checks a store in which something may be wrong.
  ///
  /// - Returns: whether anybody noticed.
  func isNoticed(_ place: TemporaryStore, _ mode: SQLiteStore.Mode) throws -> Bool {
    var isNoticed = false
    func attempt(_ step: () throws -> Void) throws {
      do { try step() } catch let error as StoreError {
        isNoticed = true
        #expect(error.description.contains("store.sqlite") || error.diagnosis.category == .notFound)
      }
    }
    try attempt {
      let store = try place.open(mode)
      defer { store.close() }
      try attempt { try readAll(store) }
      try attempt { _ = try store.searchText("fox number7", in: "default", limit: 5) }
      try attempt { _ = try store.ids(in: "default", matching: MetadataFilter(["n": .number(5)])) }
      try attempt { if try !store.verify().isSound { isNoticed = true } }
      if mode == .readWrite {
        try attempt { try store.upsert([.sample("s5", "changed fox", dimension: 16)], into: "default") }
        try attempt { try store.delete(["s6"], from: "default") }
      }
    }
    return isNoticed
  }

  /// How many flips to try; more than the default in a long run.
  static let flips = ProcessInfo.processInfo.environment["MIXER_TEST_FLIPS"].flatMap { Int($0) } ?? 60

  @Test(arguments: [SQLiteStore.Mode.readOnly, .readWrite]) func flippedBitsAreHarmless(mode: SQLiteStore.Mode) throws {
    let place = try TemporaryStore()
    try make(in: place)
    let sound = try place.bytes()
    var generator = SeededGenerator(seed: mode == .readOnly ? 1 : 2)
    for _ in 0..<Self.flips {
      var bytes = sound
      // Half of them where the file is not empty space.
      var offset = generator.uniform(below: bytes.count)
      if generator.uniform(below: 2) == 0 {
        while bytes[offset] == 0 { offset = generator.uniform(below: bytes.count) }
      }
      bytes[offset] ^= 1 << UInt8(generator.uniform(below: 8))
      try write(bytes, place)
      _ = try isNoticed(place, mode)
    }
  }

  @Test func everyFlippedBitOfAVectorIsNoticed() throws {
    let place = try TemporaryStore()
    try make(in: place)
    let sound = try place.bytes()
    let vector = Self.entries[30].embedding.withUnsafeBytes { Data($0) }
    let start = try #require(sound.range(of: vector)).lowerBound
    for bit in [0, 9, 31, 100, 511] {
      var bytes = sound
      bytes[start + bit / 8] ^= 1 << UInt8(bit % 8)
      try write(bytes, place)
      let store = try place.open(.readOnly)
      #expect(storeError { _ = try store.vectors(of: "default") }?.diagnosis.category == .damaged)
      #expect(try store.verify().problems.contains { $0.contains("vector page") })
    }
  }

  @Test func flippedBitsOfTextsAndIdentifiersAreNoticed() throws {
    let place = try TemporaryStore()
    try make(in: place)
    let sound = try place.bytes()
    for needle in ["story 25 of fox", "{\"n\": 25}", "s25"] {
      var bytes = sound
      let range = try #require(sound.range(of: Data(needle.utf8)))
      bytes[range.upperBound - 2] ^= 1
      try write(bytes, place)
      let store = try place.open(.readOnly)
      #expect(try !store.verify().isSound)
      let error = storeError {
        _ = try store.vectors(of: "default")
        _ = try store.documents(["s25"], in: "default")
      }
      #expect(error?.diagnosis.category == .damaged, "\(needle)")
    }
  }

  @Test(arguments: [
    "UPDATE vector_page SET vectors = zeroblob(length(vectors))", "UPDATE vector_page SET vectors = x'00'",
    "DELETE FROM vector_page", "UPDATE collection SET dimension = 8", "UPDATE collection SET fingerprint = 'cd'",
    "UPDATE collection SET slots = 1000000000000", "UPDATE document SET slot = 1000 WHERE id = 's5'",
    "DELETE FROM document WHERE id = 's5'", "UPDATE document SET hash = zeroblob(32) WHERE id = 's5'",
    "INSERT INTO free_slot VALUES (1, 0)", "DELETE FROM free_slot", "UPDATE text_1 SET text = 'other' WHERE slot = 5",
    "DELETE FROM text_1 WHERE slot = 5", "INSERT INTO text_1 VALUES (900, 'stray')",
    "INSERT INTO fulltext_1 (rowid, text) VALUES (5, 'never said')",
    "INSERT INTO fulltext_1 (fulltext_1) VALUES ('delete-all')", "DROP TABLE text_1", "DROP TABLE free_slot",
    "UPDATE document SET metadata = '{\"n\": 6}' WHERE id = 's5'",
  ])
  func contradictionsAreFound(statement: String) throws {
    let place = try TemporaryStore()
    try make(in: place)
    let queue = try DatabaseQueue(path: place.path)
    try queue.writeWithoutTransaction { db in
      try db.execute(sql: "PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON;")
      try db.execute(sql: statement)
    }
    try queue.close()
    for mode: SQLiteStore.Mode in [.readOnly, .readWrite] {
      let store = try place.open(mode)
      let report = try store.verify()
      #expect(!report.isSound, "\(mode)")
      store.close()
    }
  }

  func write(_ bytes: Data, _ place: TemporaryStore) throws {
    for name in try place.names { try FileManager.default.removeItem(atPath: place.path(name)) }
    try bytes.write(to: URL(fileURLWithPath: place.path))
  }
}
