import EmbeddingStore
import Foundation
import Operations
import Testing

@Suite struct CollectionTests {
  @Test func aCollectionIsLockedToItsModel() throws {
    let store = try TemporaryStore().make(dimension: 4)
    let same = try store.createCollection("default", fingerprint: "ab12", dimension: 4)
    #expect(try store.collection("default") == same)
    for (fingerprint, dimension, precision) in [("ff", 4, "float32"), ("ab12", 5, "float32"), ("ab12", 4, "bfloat16")] {
      let error = storeError {
        try store.createCollection("default", fingerprint: fingerprint, dimension: dimension, precision: precision)
      }
      #expect(error?.diagnosis.category == .conflict)
    }
  }

  @Test(arguments: ["", "a\nb", "nul\0", String(repeating: "n", count: 129)])
  func impossibleNamesAreRefused(name: String) throws {
    let store = try TemporaryStore().open()
    let error = storeError { try store.createCollection(name, fingerprint: "a", dimension: 4) }
    #expect(error?.diagnosis.category == .badInput)
    #expect(try store.collections() == [])
  }

  @Test func impossibleDimensionsAreRefused() throws {
    let store = try TemporaryStore().open()
    for dimension in [0, -1, 65_537, Int.max] {
      #expect(storeError { try store.createCollection("a", fingerprint: "a", dimension: dimension) } != nil)
    }
  }

  @Test func collectionsDoNotSeeEachOther() throws {
    let store = try TemporaryStore().make(dimension: 4)
    try store.createCollection("Größe; DROP", fingerprint: "cd", dimension: 2)
    try store.upsert([.sample("a", "shared word"), .sample("b", "word")], into: "default")
    try store.upsert([.sample("a", "word elsewhere", dimension: 2)], into: "Größe; DROP")
    #expect(try store.collections().map(\.name) == ["Größe; DROP", "default"])
    #expect(try store.searchText("word", in: "Größe; DROP", limit: 9).map(\.id) == ["a"])
    #expect(try store.searchText("elsewhere", in: "default", limit: 9) == [])
    #expect(try store.documents(["a"], in: "default").map(\.text) == ["shared word"])
    #expect(try store.vectors(of: "Größe; DROP").dimension == 2)
    try store.deleteCollection("default")
    #expect(try store.collection("default") == nil)
    #expect(try store.ids(in: "Größe; DROP") == ["a"])
    #expect(try store.verify().problems == [])
  }

  @Test func aCollectionMadeAnewIsEmpty() throws {
    let place = try TemporaryStore()
    let store = try place.make()
    let reader = try place.open(.readOnly)
    try store.upsert([.sample("a", "one")], into: "default")
    #expect(try reader.vectors(of: "default").ids == ["a"])
    try store.deleteCollection("default")
    try store.createCollection("default", fingerprint: "ab12", dimension: 4)
    try store.upsert([.sample("b", "two", seed: 3)], into: "default")
    #expect(try reader.vectors(of: "default").ids == ["b"])
    #expect(try store.searchText("one", in: "default", limit: 2) == [])
  }

  @Test func whatIsNotThereIsSaidSo() throws {
    let store = try TemporaryStore().make()
    let errors = [
      storeError { _ = try store.vectors(of: "other") }, storeError { _ = try store.ids(in: "other") },
      storeError { try store.upsert([], into: "other") },
      storeError { try store.upsert([.sample("a")], into: "other") },
      storeError { try store.delete(["a"], from: "other") }, storeError { try store.prune("other", keeping: []) },
      storeError { try store.deleteCollection("other") },
      storeError { _ = try store.searchText("a", in: "other", limit: 1) },
      storeError { _ = try store.requireCollection("other") },
    ]
    for error in errors {
      #expect(error?.diagnosis.category == .notFound)
      #expect(error?.description.contains("\"default\"") == true)
    }
  }
}
