import EmbeddingStore
import Foundation
import GRDB
import Operations
import Testing

@Suite struct CareTests {
  @Test func aBackupIsTheStoreAtOneMoment() throws {
    let place = try TemporaryStore()
    let store = try place.make()
    let entries = (0..<100).map { EmbeddedDocument.sample("s\($0)", "fox \($0)") }
    try store.upsert(entries, into: "default")
    var last = (0, 0)
    try store.backup(to: place.path("copy.sqlite")) { last = ($0, $1) }
    #expect(last.0 == last.1 && last.1 > 0)
    try store.delete(["s1"], from: "default")
    let copy = try SQLiteStore(path: place.path("copy.sqlite"), mode: .readOnly)
    #expect(try copy.collection("default")?.documents == 100)
    #expect(try copy.documents(["s1"], in: "default") == [entries[1].document])
    #expect(try copy.verify().problems == [])
    copy.close()
    #expect(try place.names.filter { $0.contains("partial") } == [])

    #expect(storeError { try store.backup(to: place.path("copy.sqlite")) }?.diagnosis.category == .conflict)
    #expect(storeError { try store.backup(to: place.path, replacing: true) }?.diagnosis.category == .badInput)
    try store.backup(to: place.path("copy.sqlite"), replacing: true)
    #expect(try SQLiteStore(path: place.path("copy.sqlite"), mode: .readOnly).collection("default")?.documents == 99)
    #expect(storeError { try store.backup(to: place.path("none/copy.sqlite")) } != nil)
  }

  @Test func aReaderCanMakeABackup() throws {
    let place = try TemporaryStore()
    let store = try place.make()
    try store.upsert([.sample("a", "fox")], into: "default")
    try place.open(.readOnly).backup(to: place.path("copy.sqlite"))
    #expect(try SQLiteStore(path: place.path("copy.sqlite"), mode: .readWrite).ids(in: "default") == ["a"])
  }

  @Test func aDamagedStoreIsNotBackedUp() throws {
    let place = try TemporaryStore()
    let store = try place.make()
    try store.upsert([.sample("a", "fox")], into: "default")
    store.close()
    let queue = try DatabaseQueue(path: place.path)
    try queue.write { try $0.execute(sql: "UPDATE vector_page SET checksum = 1") }
    try queue.close()
    let error = storeError { try place.open(.readOnly).backup(to: place.path("copy.sqlite")) }
    #expect(error?.diagnosis.category == .damaged)
    #expect(try !place.names.contains { $0.hasPrefix("copy") })
  }

  @Test func compactingKeepsTheContentAndGivesSpaceBack() throws {
    let place = try TemporaryStore()
    let store = try place.make(dimension: 64)
    let entries = (0..<2000).map { EmbeddedDocument.sample("s\($0)", "fox number\($0)", dimension: 64) }
    try store.upsert(entries, into: "default")
    let before = try store.info().fileBytes + store.info().logBytes
    let reader = try place.open(.readOnly)
    _ = try reader.vectors(of: "default")
    let kept = entries.filter { $0.document.id.hasSuffix("7") }
    try store.prune("default", keeping: Set(kept.map(\.document.id)))
    try store.compact()
    #expect(try store.verify().problems == [])
    for store in [store, reader] {
      let vectors = try store.vectors(of: "default")
      #expect(vectors.count == kept.count)
      for entry in kept {
        let index = try #require(vectors.index(of: entry.document.id))
        #expect(vectors.vector(at: index) == entry.embedding)
      }
      #expect(try store.searchText("number1007", in: "default", limit: 3).map(\.id) == ["s1007"])
      #expect(try store.documents(kept.map(\.document.id), in: "default") == kept.map(\.document))
    }
    reader.close()
    store.close()
    let size = try place.bytes().count
    #expect(size * 2 < before, "\(size) of \(before)")
    #expect(try place.open(.readWrite).verify().problems == [])
  }

  @Test func informationTellsWhatIsThere() throws {
    let place = try TemporaryStore()
    let store = try place.make()
    try store.upsert([.sample("a", "fox")], into: "default")
    let info = try store.info()
    #expect(info.path == store.path)
    #expect(info.format == 1)
    #expect(info.fileBytes > 0)
    #expect(info.collections == [try store.requireCollection("default")])
    #expect(info.collections.first?.documents == 1)
    #expect(try store.verify() == (try place.open(.readOnly).verify()))
    let report = try store.verify()
    #expect(report.collections == 1 && report.documents == 1 && report.vectors == 1 && report.pages == 1)
  }

  @Test func theCheckCanBeInterrupted() throws {
    let store = try TemporaryStore().make()
    let cancellation = Cancellation()
    cancellation.request()
    #expect(throws: OperationError.self) { try store.verify(cancellation: cancellation) }
    #expect(throws: OperationError.self) { try store.compact(cancellation: cancellation) }
    try store.upsert([.sample("a")], into: "default")
  }
}
