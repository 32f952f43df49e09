import EmbeddingStore
import Foundation
import Operations
import Testing

/// Searches of reduced sets: what they find, and that what they report is exact.
@Suite struct ReducedScanTests {
  static let dimension = 40
  static let reduced: [ScanPrecision] = [.bfloat16, .int8]

  /// Clusters, some rows twice, some of zeros, and lengths that differ by a factor of ten.
  static func rows(_ count: Int) -> [[Float]] {
    var generator = SeededGenerator(seed: 21)
    let centres = (0..<20).map { _ in (0..<dimension).map { _ in Float(generator.normal()) } }
    var rows: [[Float]] = []
    for number in 0..<count {
      if number % 50 == 49 {
        rows.append([Float](repeating: 0, count: dimension))
      } else if number % 20 == 19 {
        rows.append(rows[number - 7])
      } else {
        let size = Float(generator.unitInterval() * 9 + 1)
        rows.append(centres[number % 20].map { ($0 + 0.7 * Float(generator.normal())) * size })
      }
    }
    return rows
  }

  /// Lengths near the ends of a float's range; the third is taken for zero.
  static let sizes: [Float] = [1e37, 1e-37, .leastNonzeroMagnitude * 3, 1e20, 1e-20, 1]

  static func queries(_ count: Int) -> [[Float]] {
    var generator = SeededGenerator(seed: 22)
    return (0..<count).map { _ in (0..<dimension).map { _ in Float(generator.normal()) } }
  }

  /// The same rows in a set of each precision.
  func sets(_ rows: [[Float]]) throws -> [ScanPrecision: VectorSet] {
    let place = try TemporaryStore()
    let store = try place.make(dimension: rows[0].count)
    let entries = rows.enumerated().map { index, row in
      EmbeddedDocument(document: Document(id: String(10_000 + index), text: ""), embedding: row)
    }
    try store.upsert(entries, into: "default")
    return try Dictionary(
      uniqueKeysWithValues: ScanPrecision.allCases.map { precision in
        let reader = try SQLiteStore(path: place.path, mode: .readOnly, scanPrecision: precision)
        defer { reader.close() }
        let set = try reader.vectors(of: "default")
        #expect(set.precision == precision)
        return (precision, set)
      })
  }

  func equal(_ left: [(index: Int, score: Float)], _ right: [(index: Int, score: Float)]) -> Bool {
    left.map(\.index) == right.map(\.index) && left.map(\.score) == right.map(\.score)
  }

  @Test(arguments: VectorMetric.allCases) func rescoringEverythingIsExact(metric: VectorMetric) throws {
    let sets = try sets(Self.rows(3000))
    let exact = try #require(sets[.float32])
    for query in Self.queries(3) {
      for precision in Self.reduced {
        let set = try #require(sets[precision])
        #expect(set.scores(by: metric, to: query) == exact.scores(by: metric, to: query))
        for (k, rescored) in [(100, 3000), (100, Int.max), (3000, 3000), (5000, 0), (2999, 2999)] {
          #expect(
            equal(
              set.top(k, by: metric, to: query, rescored: rescored), exact.top(k, by: metric, to: query)))
        }
      }
    }
  }

  @Test(arguments: VectorMetric.allCases) func theDefaultFindsNearlyAllWithExactScores(metric: VectorMetric) throws {
    let sets = try sets(Self.rows(4000))
    let exact = try #require(sets[.float32])
    for precision in Self.reduced {
      let set = try #require(sets[precision])
      var hits = 0
      for query in Self.queries(10) {
        let found = set.top(127, by: metric, to: query)
        hits += Set(found.map(\.index)).intersection(exact.top(127, by: metric, to: query).map(\.index)).count
        let scores = exact.scores(by: metric, to: query)
        #expect(found.map(\.score) == found.map { scores[$0.index] })
        // Equal scores in ascending order of ids.
        for (one, next) in zip(found, found.dropFirst()) {
          #expect(one.score > next.score || (one.score == next.score && one.index < next.index))
        }
      }
      #expect(Double(hits) >= 0.995 * 1270, "\(precision)")
    }
  }

  @Test(arguments: ScanPrecision.allCases) func threadsAndBatchesChangeNothing(precision: ScanPrecision) throws {
    let set = try #require(try sets(Self.rows(2100))[precision])
    let queries = Self.queries(258)
    for metric in VectorMetric.allCases {
      let together = set.top(9, by: metric, toEach: queries, threads: 3)
      #expect(together.count == queries.count)
      for number in [0, 1, 2, 150, 255, 256, 257] {
        let alone = set.top(9, by: metric, to: queries[number])
        #expect(equal(together[number], alone))
        #expect(equal(set.top(9, by: metric, to: queries[number], threads: 4), alone))
      }
    }
    #expect(set.top(9, by: .cosine, toEach: []).isEmpty)
  }

  @Test(arguments: ScanPrecision.allCases) func filtersAreObeyed(precision: ScanPrecision) throws {
    let set = try #require(try sets(Self.rows(3000))[precision])
    let query = Self.queries(1)[0]
    let scores = set.scores(by: .innerProduct, to: query)
    // One in two goes through the first pass, one in twenty does not.
    for step in [2, 20, 3000] {
      let allowed = scores.indices.filter { $0 % step == 0 }
      let expected = allowed.sorted { scores[$0] != scores[$1] ? scores[$0] > scores[$1] : $0 < $1 }.prefix(40)
      for threads in [1, 3] {
        let found = set.top(40, by: .innerProduct, to: query, threads: threads) { $0 % step == 0 }
        #expect(found.map(\.index) == Array(expected))
        #expect(found.map(\.score) == expected.map { scores[$0] })
      }
    }
    #expect(set.top(40, by: .innerProduct, to: query) { _ in false }.isEmpty)
  }

  @Test func memoryIsWhatIsStated() throws {
    let count = 2000
    let sets = try sets(Self.rows(count))
    let rest = count * (4 + 8 + 16)
    let values = count * Self.dimension
    #expect(sets[.float32]?.memoryBytes == values * 4 + rest)
    #expect(sets[.bfloat16]?.memoryBytes == values * 2 + rest)
    #expect(sets[.int8]?.memoryBytes == values + count * 4 + rest)
    #expect(sets[.float32]?.scratchBytes == 0)
    for precision in Self.reduced { #expect(sets[precision]?.scratchBytes == values * 4) }
  }

  @Test(arguments: reduced) func vectorsStayWhatWasStored(precision: ScanPrecision) throws {
    let place = try TemporaryStore()
    let writer = try place.make(dimension: 512)
    let reader = try SQLiteStore(path: place.path, mode: .readOnly, scanPrecision: precision)
    #expect(try reader.vectors(of: "default").top(3, by: .cosine, to: [Float](repeating: 1, count: 512)).isEmpty)
    // Ids that do not ascend as they come: rows are written to the scratch file out of order.
    var expected: [String: [Float]] = [:]
    func check() throws {
      let set = try reader.vectors(of: "default")
      #expect(set.ids == expected.keys.sorted())
      for (index, id) in set.ids.enumerated() { #expect(set.vector(at: index) == expected[id]) }
      var seen = 0
      set.forEachBlock { first, values, rows in
        #expect(first == seen)
        for row in 0..<rows { #expect(Array(values[row * 512..<(row + 1) * 512]) == expected[set.id(at: first + row)]) }
        seen += rows
      }
      #expect(seen == expected.count)
      let query = try #require(expected["s31"])
      #expect(set.id(at: set.top(1, by: .cosine, to: query, rescored: 5)[0].index) == "s31")
    }
    let entries = (0..<700).map { EmbeddedDocument.sample("s\($0 * 31 % 700)", dimension: 512, seed: UInt64($0 + 1)) }
    try writer.upsert(entries, into: "default")
    for entry in entries { expected[entry.document.id] = entry.embedding }
    try check()
    let old = try reader.vectors(of: "default")
    let first = old.vector(at: 0)
    // Some pages change, the others' rows come from the set before.
    try writer.upsert([.sample("s31", dimension: 512, seed: 9999)], into: "default")
    try writer.delete(["s0", "s350"], from: "default")
    expected["s31"] = EmbeddedDocument.sample("s31", dimension: 512, seed: 9999).embedding
    expected["s0"] = nil
    expected["s350"] = nil
    try check()
    #expect(old.vector(at: 0) == first)
  }

  @Test func extremeVectorsAreFound() throws {
    var rows = Self.rows(300)
    let directions = Self.queries(6)
    for (number, size) in Self.sizes.enumerated() {
      rows[number * 40] = directions[number].map { $0 * size }
    }
    let sets = try sets(rows)
    for (number, direction) in directions.enumerated() where number != 2 {
      for precision in ScanPrecision.allCases {
        let best = try #require(sets[precision]).top(1, by: .cosine, to: direction)[0]
        #expect(best.index == number * 40, "\(precision)")
        #expect(abs(best.score - 1) < 1e-5)
      }
    }
    var strange = directions[0]
    strange[3] = .nan
    let expected = try #require(sets[.float32]).top(4, by: .innerProduct, to: strange)
    for precision in Self.reduced {
      #expect(equal(try #require(sets[precision]).top(4, by: .innerProduct, to: strange), expected))
    }
  }

  @Test(arguments: reduced) func aDamagedPageIsNoticed(precision: ScanPrecision) throws {
    let place = try TemporaryStore()
    let entries = (0..<40).map { EmbeddedDocument.sample("s\($0)", dimension: 16) }
    let store = try place.make(dimension: 16)
    try store.upsert(entries, into: "default")
    store.close()
    var bytes = try place.bytes()
    let vector = entries[30].embedding.withUnsafeBytes { Array($0) }
    let start = try #require(bytes.firstRange(of: vector)).lowerBound
    bytes[start + 5] ^= 4
    try bytes.write(to: place.folder.appendingPathComponent("store.sqlite"))
    let reader = try SQLiteStore(path: place.path, mode: .readOnly, scanPrecision: precision)
    #expect(storeError { _ = try reader.vectors(of: "default") }?.diagnosis.category == .damaged)
  }

  @Test func aValueThatIsNoNumberIsRefused() throws {
    let place = try TemporaryStore()
    let store = try SQLiteStore(path: place.path, mode: .create, scanPrecision: .int8)
    try store.createCollection("default", fingerprint: "ab12", dimension: 2)
    for value in [Float.nan, .infinity, -.infinity] {
      let entry = EmbeddedDocument(document: Document(id: "a", text: ""), embedding: [1, value])
      #expect(storeError { try store.upsert([entry], into: "default") }?.diagnosis.category == .badInput)
    }
  }
}
