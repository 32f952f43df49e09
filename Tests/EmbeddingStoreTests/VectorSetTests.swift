import EmbeddingStore
import Operations
import Testing

@Suite struct VectorSetTests {
  /// Vectors whose scores often tie, and some rows of zeros.
  func entries(_ count: Int, dimension: Int) -> [EmbeddedDocument] {
    var generator = SeededGenerator(seed: 11)
    var order = Array(0..<count)
    generator.shuffle(&order)
    return order.map { number in
      let values = (0..<dimension).map { _ in number % 10 == 0 ? 0 : Float(generator.uniform(below: 5)) - 2 }
      return EmbeddedDocument(document: Document(id: "v\(number)", text: ""), embedding: values)
    }
  }

  @Test(arguments: VectorMetric.allCases) func theTopEqualsANaiveSort(metric: VectorMetric) throws {
    let store = try TemporaryStore().make(dimension: 6)
    let entries = entries(5000, dimension: 6)
    for first in stride(from: 0, to: entries.count, by: 1000) {
      try store.upsert(Array(entries[first..<first + 1000]), into: "default")
    }
    let set = try store.vectors(of: "default")
    let query: [Float] = [1, -2, 0.5, 0, 3, 1]
    let scores = set.scores(by: metric, to: query)
    for (index, score) in scores.enumerated() {
      let row = set.vector(at: index)
      var expected = zip(query, row).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
      if metric == .cosine {
        let length = { (v: [Float]) in v.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot() }
        expected = length(row) > 0 ? expected / (length(row) * length(query)) : 0
      }
      #expect(abs(Double(score) - expected) < 1e-5)
    }
    let sorted = scores.indices.sorted { scores[$0] != scores[$1] ? scores[$0] > scores[$1] : $0 < $1 }
    for k in [0, 1, 2, 127, 4999, 5000, 9000] {
      let top = set.top(k, by: metric, to: query)
      #expect(top.map(\.index) == Array(sorted.prefix(k)))
      #expect(top.map(\.score) == sorted.prefix(k).map { scores[$0] })
    }
    let third = set.top(50, by: metric, to: query) { $0 % 3 == 0 }
    #expect(third.map(\.index) == Array(sorted.filter { $0 % 3 == 0 }.prefix(50)))
    #expect(set.top(5, by: metric, to: query) { _ in false }.isEmpty)
  }

  @Test func aZeroVectorHasCosineZeroAndHugeOnesDoNotOverflow() throws {
    let store = try TemporaryStore().make(dimension: 2)
    let rows: [(String, [Float])] = [
      ("huge", [3e37, 3e37]), ("tiny", [1e-30, 1e-30]),
      ("nearly-zero", [.leastNonzeroMagnitude, .leastNonzeroMagnitude]), ("zero", [0, 0]),
      ("away", [-3e38, 0]), ("one", [1, 0]),
    ]
    try store.upsert(
      rows.map { EmbeddedDocument(document: Document(id: $0.0, text: ""), embedding: $0.1) }, into: "default")
    let set = try store.vectors(of: "default")
    let scores = set.scores(by: .cosine, to: [3e38, 3e38])
    let expected: [String: Float] = [
      "huge": 1, "tiny": 1, "nearly-zero": 0, "zero": 0, "away": -Float(0.5).squareRoot(),
      "one": Float(0.5).squareRoot(),
    ]
    for (id, value) in expected {
      let index = try #require(set.index(of: id))
      #expect(abs(scores[index] - value) < 1e-5, "\(id)")
    }
    #expect(set.scores(by: .cosine, to: [0, 0]) == [0, 0, 0, 0, 0, 0])
    #expect(set.top(2, by: .cosine, to: [0, 0]).map(\.index) == [0, 1])
  }

  @Test func blocksAndCopiesAreTheRows() throws {
    let store = try TemporaryStore().make(dimension: 6)
    let entries = entries(5000, dimension: 6)
    try store.upsert(entries, into: "default")
    let set = try store.vectors(of: "default")
    let byID = Dictionary(uniqueKeysWithValues: entries.map { ($0.document.id, $0.embedding) })
    #expect(set.ids == byID.keys.sorted())
    var seen = 0
    set.forEachBlock { first, values, rows in
      #expect(first == seen)
      for row in 0..<rows {
        #expect(Array(values[row * 6..<(row + 1) * 6]) == byID[set.id(at: first + row)])
      }
      seen += rows
    }
    #expect(seen == 5000)
    let indices = [4999, 0, 17, 17]
    let copies = [Float](unsafeUninitializedCapacity: 24) { buffer, count in
      if let base = buffer.baseAddress { set.copyVectors(indices, to: base) }
      count = 24
    }
    #expect(copies == indices.flatMap { set.vector(at: $0) })
  }

  @Test func aSnapshotIsKeptUntilSomethingChanges() throws {
    let place = try TemporaryStore()
    let writer = try place.make(dimension: 512)
    try writer.upsert((0..<200).map { .sample("s\($0)", dimension: 512) }, into: "default")
    let reader = try place.open(.readOnly)
    let first = try reader.vectors(of: "default")
    #expect(try reader.vectors(of: "default") === first)
    #expect(try reader.documents([], in: "default") == [])

    // Another connection's change is seen; what was handed out stays as it was.
    var expected = Dictionary(
      uniqueKeysWithValues: (0..<200).map { ("s\($0)", EmbeddedDocument.sample("s\($0)", dimension: 512)) })
    func change(_ entries: [EmbeddedDocument], deleting ids: [String]) throws {
      try writer.upsert(entries, into: "default")
      try writer.delete(ids, from: "default")
      for entry in entries { expected[entry.document.id] = entry }
      for id in ids { expected[id] = nil }
      let now = try reader.vectors(of: "default")
      #expect(now.ids == expected.keys.sorted())
      for (index, id) in now.ids.enumerated() { #expect(now.vector(at: index) == expected[id]?.embedding) }
    }
    try change([.sample("s5", dimension: 512, seed: 1)], deleting: ["s7", "s130"])
    try change([.sample("a", dimension: 512), .sample("t", dimension: 512)], deleting: [])
    try change((0..<100).map { .sample("u\($0)", dimension: 512) }, deleting: ["a"])
    try change([.sample("zz", dimension: 512)], deleting: expected.keys.sorted().dropLast(3).map { $0 })
    #expect(first.count == 200)
    #expect(
      first.vector(at: try #require(first.index(of: "s5"))) == EmbeddedDocument.sample("s5", dimension: 512).embedding)
  }

  @Test func anEmptyCollectionHasNoVectors() throws {
    let set = try TemporaryStore().make().vectors(of: "default")
    #expect(set.count == 0)
    #expect(set.top(5, by: .cosine, to: [1, 2, 3, 4]).isEmpty)
    #expect(set.index(of: "a") == nil)
    set.forEachBlock { _, _, _ in Issue.record("there is no block") }
  }
}
