import Foundation
import GRDB
import Operations
import Testing

@testable import EmbeddingStore

/// Folders in which nothing may be written. The superuser may write anywhere, so what opens a store there is also
/// tested by itself.
@Suite struct ReadOnlyFolderTests {
  func make(in place: TemporaryStore) throws {
    let store = try place.make()
    try store.upsert([.sample("a", "a fox"), .sample("b", "a crow")], into: "default")
    store.close()
  }

  @Test(.enabled(if: geteuid() != 0)) func aStoreInAReadOnlyFolderCanBeQueried() throws {
    let place = try TemporaryStore()
    try make(in: place)
    try FileManager.default.setAttributes([.posixPermissions: 0o444], ofItemAtPath: place.path)
    try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: place.folder.path)
    defer { try? FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: place.folder.path) }
    let store = try place.open(.readOnly)
    #expect(try store.searchText("fox", in: "default", limit: 3).map(\.id) == ["a"])
    #expect(try store.vectors(of: "default").count == 2)
    #expect(try store.verify().problems == [])
    store.close()
    #expect(try place.names == ["store.sqlite"])
    #expect(storeError { _ = try place.open(.readWrite) }?.diagnosis.category == .environment)
  }

  @Test func aFrozenFileIsReadWithoutALog() throws {
    let place = try TemporaryStore()
    try make(in: place)
    let frozen = try #require(FrozenFile(place.path))
    let connections = try Connections.open(frozen.address, readOnly: true)
    let row = try connections.read { try CollectionRow.fetchOne($0, name: "default", place.path) }
    #expect(row?.documents == 2)
    try connections.close()
    #expect(try place.names == ["store.sqlite"])
  }

  @Test func aFrozenFileThatChangesIsNoticed() throws {
    let place = try TemporaryStore()
    try make(in: place)
    let frozen = try #require(FrozenFile(place.path))
    try frozen.requireUnchanged(place.path)
    let store = try place.open(.readWrite)
    try store.upsert([.sample("c")], into: "default")
    #expect(storeError { try frozen.requireUnchanged(place.path) }?.diagnosis.category == .busy, "by its log")
    store.close()
    #expect(storeError { try frozen.requireUnchanged(place.path) }?.diagnosis.category == .busy, "by itself")
  }

  @Test func addressesKeepSpecialCharacters() throws {
    let place = try TemporaryStore()
    let path = place.path("a?b#c%41;ü .sqlite")
    try SQLiteStore(path: path, mode: .create).close()
    let frozen = try #require(FrozenFile(path))
    let connections = try Connections.open(frozen.address, readOnly: true)
    #expect(try connections.read { try CollectionRow.fetchAll($0, path).count } == 0)
    try connections.close()
  }
}
