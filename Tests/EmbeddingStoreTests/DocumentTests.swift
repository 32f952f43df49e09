import EmbeddingStore
import Foundation
import Operations
import Testing

@Suite struct DocumentTests {
  @Test func documentsAndVectorsSurviveReopening() throws {
    let place = try TemporaryStore()
    let entries = (0..<300).map {
      EmbeddedDocument.sample("s\($0)", "Story \($0) of a fox ✨\nand \"a\" crow", metadata: "{\"n\": \($0)}")
    }
    let store = try place.make()
    #expect(try store.upsert(entries, into: "default") == UpsertCounts(added: 300))
    store.close()

    let reopened = try place.open(.readOnly)
    #expect(try reopened.collection("default")?.documents == 300)
    #expect(
      try reopened.documents(["s299", "none", "s3"], in: "default") == [entries[299].document, entries[3].document])
    let vectors = try reopened.vectors(of: "default")
    #expect(vectors.count == 300)
    #expect(vectors.ids == entries.map(\.document.id).sorted())
    for entry in entries {
      let index = try #require(vectors.index(of: entry.document.id))
      #expect(vectors.vector(at: index) == entry.embedding)
    }
    #expect(vectors.index(of: "s3000") == nil)
    #expect(try reopened.verify().problems == [])
  }

  @Test func upsertReplacesTextMetadataAndVector() throws {
    let place = try TemporaryStore()
    let store = try place.make()
    try store.upsert([.sample("a", "old apple", metadata: "{\"k\": 1}"), .sample("b", "pear")], into: "default")
    let new = EmbeddedDocument.sample("a", "new plum", metadata: nil, seed: 99)
    #expect(try store.upsert([new, .sample("c", "")], into: "default") == UpsertCounts(added: 1, updated: 1))
    #expect(try store.documents(["a"], in: "default") == [new.document])
    #expect(try store.searchText("apple", in: "default", limit: 5) == [])
    #expect(try store.searchText("plum", in: "default", limit: 5).map(\.id) == ["a"])
    let vectors = try store.vectors(of: "default")
    #expect(vectors.vector(at: try #require(vectors.index(of: "a"))) == new.embedding)
    #expect(try store.verify().problems == [])
  }

  @Test func theLaterOfTwoWithTheSameIdentifierWins() throws {
    let store = try TemporaryStore().make()
    let counts = try store.upsert([.sample("a", "first"), .sample("a", "second", seed: 5)], into: "default")
    #expect(counts == UpsertCounts(added: 1, updated: 1))
    #expect(try store.documents(["a"], in: "default").map(\.text) == ["second"])
    #expect(try store.vectors(of: "default").vector(at: 0) == EmbeddedDocument.sample("a", seed: 5).embedding)
  }

  @Test func deletedSlotsAreUsedAgain() throws {
    let place = try TemporaryStore()
    let store = try place.make(dimension: 512)
    let entries = (0..<200).map { EmbeddedDocument.sample("s\($0)", "word\($0)", dimension: 512) }
    try store.upsert(entries, into: "default")
    let size = try store.info().fileBytes + store.info().logBytes
    #expect(try store.delete(["s10", "s150", "unknown"], from: "default") == 2)
    #expect(try store.delete(["s10"], from: "default") == 0)
    let others = (0..<2).map { EmbeddedDocument.sample("t\($0)", "other\($0)", dimension: 512) }
    try store.upsert(others, into: "default")
    #expect(try store.verify().problems == [])
    #expect(try store.verify().pages == 4)
    let vectors = try store.vectors(of: "default")
    for entry in entries + others {
      let index = vectors.index(of: entry.document.id)
      #expect((index == nil) == ["s10", "s150"].contains(entry.document.id))
      if let index { #expect(vectors.vector(at: index) == entry.embedding) }
    }
    #expect(try store.info().fileBytes + store.info().logBytes < size * 3)
  }

  @Test func pruneKeepsOnlyTheNamed() throws {
    let store = try TemporaryStore().make()
    try store.upsert((0..<50).map { .sample("s\($0)", "text \($0)") }, into: "default")
    #expect(try store.prune("default", keeping: ["s1", "s2", "other"]) == 48)
    #expect(try store.ids(in: "default") == ["s1", "s2"])
    #expect(try store.prune("default", keeping: ["s1", "s2"]) == 0)
    #expect(try store.prune("default", keeping: []) == 2)
    #expect(try store.vectors(of: "default").count == 0)
    #expect(try store.upsert([.sample("z", "again")], into: "default").added == 1)
    #expect(try store.vectors(of: "default").ids == ["z"])
    #expect(try store.verify().problems == [])
  }

  @Test func hashesTellWhatChanged() throws {
    let store = try TemporaryStore().make()
    let document = EmbeddedDocument.sample("a", "text", metadata: "{}")
    try store.upsert([document], into: "default")
    let hashes = try store.hashes(in: "default", of: ["a", "b"])
    #expect(hashes == ["a": DocumentHash.of(document.document)])
    #expect(DocumentHash.of(Document(id: "x", text: "text", metadata: "{}")) == hashes["a"])
    #expect(DocumentHash.of(Document(id: "a", text: "text{}")) != hashes["a"])
    #expect(DocumentHash.of(Document(id: "a", text: "text")) != hashes["a"])
  }

  @Test func aFailedBatchLeavesNothing() throws {
    let store = try TemporaryStore().make()
    let bad = EmbeddedDocument(document: Document(id: "b", text: ""), embedding: [1, 2, .nan, 4])
    #expect(throws: StoreError.self) { try store.upsert([.sample("a", "kept out"), bad], into: "default") }
    #expect(try store.ids(in: "default") == [])
    #expect(try store.searchText("kept", in: "default", limit: 3) == [])
    #expect(try store.verify().problems == [])
  }

  @Test(arguments: [
    "", "with space", "tab\t", "line\n", "nul\0", "no\u{A0}break", "\u{7}", String(repeating: "x", count: 513),
  ])
  func impossibleIdentifiersAreRefused(id: String) throws {
    let store = try TemporaryStore().make()
    let error = storeError { try store.upsert([.sample(id)], into: "default") }
    #expect(error?.diagnosis.category == .badInput)
  }

  @Test(arguments: ["ünï-çødé", "日本語", "a/b?c=d&e", "');DROP/**/TABLE/**/document;--", "\"quoted\"", "🦊", "-1", "%s"])
  func unusualIdentifiersAreKept(id: String) throws {
    let place = try TemporaryStore()
    let store = try place.make()
    try store.upsert([.sample(id, "text"), .sample("m")], into: "default")
    #expect(try store.documents([id], in: "default").map(\.id) == [id])
    #expect(try store.searchText("text", in: "default", limit: 3).map(\.id) == [id])
    let vectors = try store.vectors(of: "default")
    #expect(vectors.index(of: id).map { vectors.id(at: $0) } == id)
    #expect(try store.delete([id], from: "default") == 1)
  }

  @Test(arguments: ["", "[]", "1", "{", "{\"a\": 1} x", "{\"a\": nan}", "null", "{\"a\": \"\0\"}"])
  func metadataThatIsNoObjectIsRefused(metadata: String) throws {
    let store = try TemporaryStore().make()
    let error = storeError { try store.upsert([.sample("a", "t", metadata: metadata)], into: "default") }
    #expect(error?.diagnosis.category == .badInput)
  }

  @Test func textsOfAnyLengthAndScriptAreKept() throws {
    let store = try TemporaryStore().make()
    let long = String(repeating: "A long story about a lion. ", count: 40_000)
    let texts = ["", " ", long, "e\u{301}\r\n\u{FEFF}", "👩‍👩‍👧‍👦", "\u{1}\u{7F}"]
    try store.upsert(texts.enumerated().map { .sample("t\($0)", $1) }, into: "default")
    let stored = try store.documents(texts.indices.map { "t\($0)" }, in: "default").map(\.text)
    #expect(stored.map { Array($0.utf8) } == texts.map { Array($0.utf8) })
    #expect(storeError { try store.upsert([.sample("n", "a\0b")], into: "default") }?.diagnosis.category == .badInput)
    #expect(try store.verify().problems == [])
  }

  @Test func vectorsOfTheWrongKindAreRefused() throws {
    let store = try TemporaryStore().make()
    for embedding: [Float] in [[], [1, 2, 3], [1, 2, 3, 4, 5], [1, 2, .infinity, 4], [-.infinity, 0, 0, 0]] {
      let error = storeError {
        try store.upsert(
          [EmbeddedDocument(document: Document(id: "a", text: ""), embedding: embedding)], into: "default")
      }
      #expect(error?.diagnosis.category == .badInput)
      #expect(error?.description.contains("document a") == true)
    }
  }
}
