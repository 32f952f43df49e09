import EmbeddingStore
import Foundation
import GRDB
import Operations
import Testing

/// Files that are no store, or no longer one: one clear error, and the file and its folder stay as they are.
@Suite struct StoreFileTests {
  static let modes: [SQLiteStore.Mode] = [.readOnly, .readWrite, .create]

  func expectUntouched(
    _ place: TemporaryStore, _ category: Diagnosis.Category, _ words: String
  ) throws {
    let before = try place.bytes()
    let names = try place.names
    for mode in Self.modes {
      let error = storeError { _ = try place.open(mode) }
      #expect(error?.diagnosis.category == category, "\(mode)")
      #expect(error?.description.contains(words) == true, "\(error?.description ?? "no error")")
      #expect(error?.diagnosis.location?.hasSuffix("store.sqlite") == true)
      #expect(try place.bytes() == before)
      #expect(try place.names == names)
    }
  }

  @Test(arguments: [
    Data("Once upon a time".utf8), Data(repeating: 0, count: 8192), Data("SQLite format 2\0".utf8),
    Data((0..<200).map { UInt8($0) }),
  ])
  func aFileThatIsNoDatabaseIsLeftAlone(content: Data) throws {
    let place = try TemporaryStore()
    try content.write(to: URL(fileURLWithPath: place.path))
    try expectUntouched(place, .damaged, "no store")
  }

  @Test func anEmptyFileIsLeftAlone() throws {
    let place = try TemporaryStore()
    try Data().write(to: URL(fileURLWithPath: place.path))
    try expectUntouched(place, .damaged, "empty")
  }

  @Test func anotherProgramsDatabaseIsLeftAlone() throws {
    let place = try TemporaryStore()
    let queue = try DatabaseQueue(path: place.path)
    try queue.write { try $0.execute(sql: "CREATE TABLE recipes (name TEXT)") }
    try queue.close()
    try expectUntouched(place, .damaged, "another program's")
  }

  @Test func aNewerFormatIsLeftAlone() throws {
    let place = try TemporaryStore()
    try place.make().close()
    try patch(place, at: 63, to: 2)
    try expectUntouched(place, .conflict, "newer version")
  }

  @Test(arguments: [1, 15, 16, 60, 99, 100, 512, 4096, 20_000, -1]) func aTruncatedStoreIsLeftAlone(length: Int) throws
  {
    let place = try TemporaryStore()
    let store = try place.make()
    try store.upsert((0..<20).map { .sample("s\($0)", "text") }, into: "default")
    store.close()
    let bytes = try place.bytes()
    try bytes.prefix(length < 0 ? bytes.count + length : length).write(to: URL(fileURLWithPath: place.path))
    try expectUntouched(place, .damaged, "file")
  }

  @Test func whatIsNotThereIsNotMade() throws {
    let place = try TemporaryStore()
    for mode: SQLiteStore.Mode in [.readOnly, .readWrite] {
      #expect(storeError { _ = try place.open(mode) }?.diagnosis.category == .notFound)
    }
    #expect(try place.names == [])
    for path in [place.path("no/such/folder/x.sqlite"), ""] {
      #expect(storeError { _ = try SQLiteStore(path: path, mode: .create) } != nil)
    }
    #expect(storeError { _ = try SQLiteStore(path: place.folder.path, mode: .create) }?.diagnosis.category == .badInput)
  }

  @Test func theHeaderNamesTheFormat() throws {
    let place = try TemporaryStore()
    try place.make().close()
    let bytes = try place.bytes()
    #expect(bytes[68..<72] == Data("MIXR".utf8))
    #expect(bytes[60..<64] == Data([0, 0, 0, 1]))
    #expect(bytes[18] == 2, "write-ahead logging")
    #expect(try place.names == ["store.sqlite"])
    try SQLiteStore.check(path: place.path)
  }

  @Test func namesWithSpecialCharactersAreFiles() throws {
    let place = try TemporaryStore()
    for name in ["file:a?mode=memory", "b#c%20d.sqlite", "ü ñ.sqlite", ":memory:"] {
      let store = try SQLiteStore(path: place.path(name), mode: .create)
      store.close()
      #expect(try place.names.contains(name))
    }
  }

  @Test func aLinkLeadsToTheSameStore() throws {
    let place = try TemporaryStore()
    let store = try place.make()
    let link = place.path("link.sqlite")
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: place.path)
    #expect(
      storeError { _ = try SQLiteStore(path: link, mode: .readWrite, waiting: .zero) }?.diagnosis.category == .busy)
    #expect(try SQLiteStore(path: link, mode: .readOnly).path == store.path)
  }

  func patch(_ place: TemporaryStore, at offset: Int, to value: UInt8) throws {
    var bytes = try place.bytes()
    bytes[offset] = value
    try bytes.write(to: URL(fileURLWithPath: place.path))
  }
}
