import EmbeddingStore
import Foundation
import Operations
import Testing

/// Stores of every released format are kept and must open for ever.
///
/// To make the file of a new format: raise the name below, then
/// `MIXER_TEST_WRITE_FIXTURE=1 swift test --filter FormatTests`, and keep the old files and their tests.
@Suite struct FormatTests {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures")
  static let entries = [
    EmbeddedDocument(
      document: Document(
        id: "fox", text: "The fox praised the crow.", metadata: "{\"kind\": \"fable\", \"year\": 1912}"),
      embedding: [1, -0.5, 0.25, 3e-8]),
    EmbeddedDocument(document: Document(id: "größe", text: "Ein Fuchs."), embedding: [0, 0, 0, 0]),
    EmbeddedDocument(document: Document(id: "z", text: ""), embedding: [-1, 2, -3, 4]),
  ]

  @Test(.enabled(if: ProcessInfo.processInfo.environment["MIXER_TEST_WRITE_FIXTURE"] != nil))
  func writeFixture() throws {
    let place = try TemporaryStore()
    let store = try place.make()
    try store.upsert(Self.entries + [.sample("gone", "deleted")], into: "default")
    try store.delete(["gone"], from: "default")
    store.close()
    try FileManager.default.createDirectory(at: Self.folder, withIntermediateDirectories: true)
    try place.bytes().write(to: Self.folder.appendingPathComponent("format-1.store"))
  }

  @Test(arguments: ["format-1.store"]) func aStoreOfAnOlderFormatOpens(name: String) throws {
    let place = try TemporaryStore()
    try FileManager.default.copyItem(
      at: Self.folder.appendingPathComponent(name), to: URL(fileURLWithPath: place.path))
    for mode: SQLiteStore.Mode in [.readOnly, .readWrite] {
      let store = try place.open(mode)
      #expect(try store.verify().problems == [])
      let info = try store.requireCollection("default")
      #expect(info.fingerprint == "ab12" && info.dimension == 4 && info.precision == "float32" && info.documents == 3)
      #expect(try store.documents(["fox", "größe", "z"], in: "default") == Self.entries.map(\.document))
      let vectors = try store.vectors(of: "default")
      #expect(vectors.ids == ["fox", "größe", "z"])
      for (index, entry) in Self.entries.enumerated() { #expect(vectors.vector(at: index) == entry.embedding) }
      #expect(try store.searchText("crows", in: "default", limit: 3).map(\.id) == ["fox"])
      let filter = MetadataFilter(["kind": .string("fable"), "year": .number(1912)])
      #expect(try store.ids(in: "default", matching: filter) == ["fox"])
      if mode == .readWrite { #expect(try store.upsert([.sample("new", "x")], into: "default").added == 1) }
      store.close()
    }
  }
}
