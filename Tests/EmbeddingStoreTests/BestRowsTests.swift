import EmbeddingStore
import Operations
import Testing

/// The selection against sorting.
@Suite struct BestRowsTests {
  @Test(arguments: [0, 1, 7, 127, 2_000, 5_000], [false, true])
  func theBestAreThoseThatSortingPutsFirst(limit: Int, isFiltered: Bool) {
    var generator = SeededGenerator(seed: 4)
    // Few different scores, so that many are equal.
    let scores = (0..<2_000).map { _ in Float(generator.uniform(below: 300)) - 150 }
    let isAllowed: ((Int) -> Bool)? = isFiltered ? { $0 % 3 != 0 } : nil
    let expected = scores.indices.filter { isAllowed?($0) ?? true }
      .sorted { (scores[$0], $1) > (scores[$1], $0) }.prefix(limit)
    let found = BestRows.of(scores, limit: limit, where: isAllowed)
    #expect(found.map(\.index) == Array(expected))
    #expect(found.allSatisfy { $0.score == scores[$0.index] })
  }

  @Test func noScoresHaveNoBest() { #expect(BestRows.of([], limit: 3).isEmpty) }
}
