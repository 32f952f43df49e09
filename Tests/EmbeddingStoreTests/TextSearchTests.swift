import EmbeddingStore
import Foundation
import Operations
import Testing

@Suite struct TextSearchTests {
  func make(_ texts: [String], in place: TemporaryStore) throws -> SQLiteStore {
    let store = try place.make()
    try store.upsert(texts.enumerated().map { .sample("d\($0)", $1) }, into: "default")
    return store
  }

  @Test func rareWordsCountMoreAndEndingsDoNot() throws {
    let place = try TemporaryStore()
    let store = try make(
      ["the dog runs", "the cat ran", "the dog and the cats", "nothing", "a doggerel"] + (0..<9).map { "other \($0)" },
      in: place)
    #expect(try store.searchText("running", in: "default", limit: 9).map(\.id) == ["d0"])
    #expect(try store.searchText("CATS", in: "default", limit: 9).map(\.id).sorted() == ["d1", "d2"])
    let both = try store.searchText("dog cat", in: "default", limit: 9)
    #expect(both.first?.id == "d2")
    #expect(zip(both, both.dropFirst()).allSatisfy { $0.score >= $1.score })
    #expect(try store.searchText("dog cat", in: "default", limit: 1) == [both[0]])
  }

  @Test func equalScoresComeInOrderOfIdentifiers() throws {
    let store = try TemporaryStore().make()
    for id in ["m", "b", "z", "a", "k"] { try store.upsert([.sample(id, "equal words")], into: "default") }
    try store.upsert((0..<9).map { .sample("o\($0)", "others") }, into: "default")
    #expect(try store.searchText("equal", in: "default", limit: 9).map(\.id) == ["a", "b", "k", "m", "z"])
    #expect(try store.searchText("equal", in: "default", limit: 2).map(\.id) == ["a", "b"])
    #expect(try store.searchText("equal", in: "default", limit: 0) == [])
  }

  @Test func manyEqualScoresAreCutInOrderOfIdentifiers() throws {
    let store = try TemporaryStore().make()
    let ids = (0..<100).map { "s\($0)" }
    try store.upsert(ids.map { .sample($0, "equal words") }, into: "default")
    try store.upsert((0..<150).map { .sample("o\($0)", "others") }, into: "default")
    for limit in [1, 7, 90, 99, 100, 101, 500, Int.max] {
      let found = try store.searchText("equal", in: "default", limit: limit)
      #expect(found.map(\.id) == Array(ids.sorted().prefix(limit)))
    }
  }

  @Test(arguments: [
    "\"", "'", "\"fox", "fox\"", "fox AND", "fox OR", "NOT fox", "NEAR(fox", "fox*", "^fox", "text:fox", "{fox} : x",
    "fox\0crow", "\0", "fox;--", "( fox", "fox + crow", "-fox", "🦊 fox", "👩‍👩‍👧", "%", "\\", "e\u{301}fox",
    "\u{FEFF}fox", "\u{202E}fox", "fox\r\n\t crow",
  ])
  func anyTextIsAQuery(query: String) throws {
    let place = try TemporaryStore()
    let store = try make(["a fox", "a crow", "and near not or"], in: place)
    let found = try store.searchText(query, in: "default", limit: 9)
    #expect(found.count <= 3)
    if query.contains("fox"), !query.contains("\u{301}") { #expect(found.contains { $0.id == "d0" }) }
  }

  @Test(arguments: ["", " ", "\n\t", "!!! ... ???", "🦊", "wordnobodyhas", "\"\"\""])
  func aQueryWithoutAUsableWordFindsNothing(query: String) throws {
    let place = try TemporaryStore()
    let store = try make(["a fox", "a crow"], in: place)
    #expect(try store.searchText(query, in: "default", limit: 9) == [])
  }

  @Test func aMegabyteIsAQuery() throws {
    let place = try TemporaryStore()
    let store = try make(["a fox", "a crow"], in: place)
    let words = (0..<150_000).map { "w\($0)" }.joined(separator: " ")
    #expect(try store.searchText("fox " + words, in: "default", limit: 9).map(\.id) == ["d0"])
    #expect(try store.searchText(String(repeating: "x", count: 1_000_000), in: "default", limit: 9) == [])
    #expect(try store.searchText(String(repeating: "\"", count: 1_000_000), in: "default", limit: 9) == [])
  }

  @Test func filtersApplyToTextAndToIdentifiers() throws {
    let store = try TemporaryStore().make()
    let metadata: [String?] = [
      "{\"kind\": \"fable\", \"year\": 1912, \"read\": true, \"note\": null}",
      "{\"kind\": \"fable\", \"year\": 1912.5, \"read\": false}",
      "{\"kind\": \"tale\", \"year\": 1912.0, \"read\": 1, \"a \\\"b\\\"\": \"x\", \"größe\": 2}",
      "{\"kind\": 5, \"year\": \"1912\", \"read\": \"true\", \"nested\": {\"kind\": \"fable\"}}",
      nil,
    ]
    try store.upsert(metadata.enumerated().map { .sample("d\($0)", "fox \($0)", metadata: $1) }, into: "default")
    func expect(_ conditions: [String: MetadataFilter.Value], _ ids: [String]) throws {
      let filter = MetadataFilter(conditions)
      #expect(try store.ids(in: "default", matching: filter) == ids)
      #expect(try store.searchText("fox", in: "default", limit: 9, filter: filter).map(\.id).sorted() == ids)
      let decoded = try JSONDecoder().decode(MetadataFilter.self, from: JSONEncoder().encode(filter))
      #expect(decoded == filter)
    }
    try expect([:], ["d0", "d1", "d2", "d3", "d4"])
    try expect(["kind": .string("fable")], ["d0", "d1"])
    try expect(["year": .number(1912)], ["d0", "d2"])
    try expect(["year": .string("1912")], ["d3"])
    try expect(["read": .bool(true)], ["d0"])
    try expect(["read": .bool(false)], ["d1"])
    try expect(["read": .number(1)], ["d2"])
    try expect(["note": .null], ["d0"])
    try expect(["kind": .string("fable"), "year": .number(1912)], ["d0"])
    try expect(["a \"b\"": .string("x")], ["d2"])
    try expect(["größe": .number(2)], ["d2"])
    try expect(["nested.kind": .string("fable")], [])
    try expect(["' OR 1=1 --": .string("x")], [])
    try expect(["kind": .string("' OR ''='")], [])
    try expect(["": .null], [])
  }
}
