import EmbeddingStore
import Foundation
import GRDB
import Operations
import Testing

/// Several stores on one file, and ends that are not clean.
@Suite struct SessionTests {
  @Test func aSecondWriterIsToldThatTheStoreIsBusy() throws {
    let place = try TemporaryStore()
    let first = try place.make()
    for mode: SQLiteStore.Mode in [.readWrite, .create] {
      let error = storeError { _ = try place.open(mode) }
      #expect(error?.diagnosis.category == .busy)
      #expect(error?.description.contains("process \(getpid())") == true)
    }
    try first.upsert([.sample("a", "text")], into: "default")
    first.close()
    let second = try place.open(.readWrite)
    #expect(try second.ids(in: "default") == ["a"])
  }

  @Test func aWriterWaitsAsLongAsItIsTold() async throws {
    let place = try TemporaryStore()
    let first = try place.make()
    async let second = Task.detached { try place.open(.readWrite, waiting: .seconds(20)) }.value
    try await Task.sleep(for: .milliseconds(50))
    first.close()
    #expect(try await second.collection("default") != nil)
  }

  @Test func aLockFileLeftBehindLocksNothing() throws {
    let place = try TemporaryStore()
    try place.make().close()
    try Data("4194000\n".utf8).write(to: URL(fileURLWithPath: place.path + ".lock"))
    let store = try place.open(.readWrite)
    try store.upsert([.sample("a")], into: "default")
    store.close()
    #expect(try place.names == ["store.sqlite"])
  }

  @Test func aReaderWritesNothing() throws {
    let place = try TemporaryStore()
    try place.make().close()
    let before = try place.bytes()
    let reader = try place.open(.readOnly)
    let errors = [
      storeError { try reader.upsert([.sample("a")], into: "default") },
      storeError { try reader.createCollection("b", fingerprint: "a", dimension: 1) },
      storeError { try reader.deleteCollection("default") },
      storeError { try reader.compact() },
    ]
    #expect(errors.allSatisfy { $0?.description.contains("reading only") == true })
    #expect(try reader.delete(["a"], from: "default") == 0)
    reader.close()
    #expect(try place.bytes() == before)
  }

  @Test func aReaderSeesWhatAWriterCommits() throws {
    let place = try TemporaryStore()
    let writer = try place.make()
    let reader = try place.open(.readOnly)
    #expect(try reader.searchText("fox", in: "default", limit: 3) == [])
    try writer.upsert([.sample("a", "fox")], into: "default")
    #expect(try reader.searchText("fox", in: "default", limit: 3).map(\.id) == ["a"])
    try writer.upsert([.sample("b", "fox fox")], into: "default")
    #expect(try reader.searchText("fox", in: "default", limit: 3).map(\.id) == ["b", "a"])
    writer.close()
    #expect(try reader.ids(in: "default") == ["a", "b"])
  }

  @Test func aClosedStoreSaysSo() throws {
    let store = try TemporaryStore().make()
    store.close()
    store.close()
    #expect(storeError { _ = try store.collections() }?.description.contains("closed") == true)
    #expect(storeError { try store.upsert([.sample("a")], into: "default") }?.description.contains("closed") == true)
  }

  /// A copy of the files of an open store is what a killed process leaves.
  func killed(_ store: SQLiteStore, _ place: TemporaryStore) throws -> TemporaryStore {
    let copy = try TemporaryStore()
    for suffix in ["", "-wal"] {
      try FileManager.default.copyItem(atPath: place.path + suffix, toPath: copy.path + suffix)
    }
    return copy
  }

  @Test(arguments: [SQLiteStore.Mode.readOnly, .readWrite, .create])
  func afterAnUncleanEndAllThatWasCommittedIsThere(mode: SQLiteStore.Mode) throws {
    let place = try TemporaryStore()
    let store = try place.make()
    try store.upsert((0..<30).map { .sample("s\($0)", "fox \($0)") }, into: "default")
    let copy = try killed(store, place)
    #expect(try isMarked(copy))
    let reopened = try copy.open(mode)
    #expect(try reopened.ids(in: "default").count == 30)
    #expect(try reopened.searchText("fox", in: "default", limit: 50).count == 30)
    #expect(try reopened.verify().problems == [])
    reopened.close()
    #expect(try !isMarked(copy))
  }

  @Test(arguments: [SQLiteStore.Mode.readOnly, .readWrite])
  func anUncleanEndLeadsToACheck(mode: SQLiteStore.Mode) throws {
    let place = try TemporaryStore()
    let store = try place.make()
    try store.upsert((0..<30).map { .sample("s\($0)", "fox \($0)") }, into: "default")
    let copy = try killed(store, place)
    let queue = try DatabaseQueue(path: copy.path)
    try queue.write { try $0.execute(sql: "UPDATE vector_page SET checksum = checksum + 1") }
    try queue.close()
    let error = storeError { _ = try copy.open(mode) }
    #expect(error?.diagnosis.category == .damaged)
    #expect(error?.description.contains("vector page 0") == true)
    #expect(try isMarked(copy), "the damage is found again next time")

    // The same damage after a clean end is found when the vectors are read.
    let clean = try DatabaseQueue(path: copy.path)
    try clean.write { try $0.execute(sql: "UPDATE store SET value = 'closed'") }
    try clean.close()
    let opened = try copy.open(mode)
    #expect(storeError { _ = try opened.vectors(of: "default") }?.diagnosis.category == .damaged)
  }

  func isMarked(_ place: TemporaryStore) throws -> Bool {
    let queue = try DatabaseQueue(path: place.path)
    defer { try? queue.close() }
    return try queue.read { try String.fetchOne($0, sql: "SELECT value FROM store WHERE key = 'session'") } == "open"
  }

  @Test func severalThreadsReadAndWriteOneStore() async throws {
    let store = try TemporaryStore().make()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for worker in 0..<4 {
        group.addTask {
          for round in 0..<5 {
            try store.upsert((0..<10).map { .sample("w\(worker)-\(round)-\($0)", "fox \(round)") }, into: "default")
            _ = try store.searchText("fox", in: "default", limit: 5)
            #expect(try store.vectors(of: "default").count >= 10)
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(try store.collection("default")?.documents == 200)
    #expect(try store.verify().problems == [])
  }
}
