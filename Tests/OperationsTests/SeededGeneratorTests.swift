import Foundation
import Testing

@testable import Operations

@Suite struct SeededGeneratorTests {
  /// The first outputs of the authors' C code (xoshiro256starstar.c seeded through splitmix64.c with 1 and 42),
  /// computed independently in Python; they must never change, or seeded results would.
  @Test func sequenceIsTheReferenceOne() {
    var one = SeededGenerator(seed: 1)
    #expect(
      (0..<4).map { _ in one.next() } == [
        0xB3F2AF6D0FC710C5, 0x853B559647364CEA, 0x92F89756082A4514, 0x642E1C7BC266A3A7,
      ])
    var fortyTwo = SeededGenerator(seed: 42)
    #expect(
      (0..<4).map { _ in fortyTwo.next() } == [
        0x15780B2E0C2EC716, 0x6104D9866D113A7E, 0xAE17533239E499A1, 0xECB8AD4703B360A1,
      ])
  }

  @Test func stateSurvivesCoding() throws {
    var generator = SeededGenerator(seed: 7)
    _ = generator.next()
    var copy = try JSONDecoder().decode(SeededGenerator.self, from: JSONEncoder().encode(generator))
    #expect(copy == generator)
    #expect(copy.next() == generator.next())
  }

  @Test func uniformNumbersAreInRangeAndUnbiased() {
    var generator = SeededGenerator(seed: 3)
    var counts = [Int](repeating: 0, count: 7)
    let draws = 14_000
    for _ in 0..<draws { counts[generator.uniform(below: 7)] += 1 }
    // χ² with 6 degrees of freedom exceeds 22.5 with a probability of 0.001; the seed is fixed.
    let expected = Double(draws) / 7
    #expect(counts.reduce(0) { $0 + pow(Double($1) - expected, 2) / expected } < 22.5)
  }

  @Test func boundsBeyondHalfTheRangeAreUnbiased() {
    // With a plain remainder the lower half of this range would come up twice as often as the upper.
    var generator = SeededGenerator(seed: 4)
    let bound = Int.max / 4 * 3
    let low = (0..<4_000).count { _ in generator.uniform(below: bound) < bound / 2 }
    #expect((1_850...2_150).contains(low))
  }

  @Test func oneIsAlwaysZero() {
    var generator = SeededGenerator(seed: 5)
    #expect((0..<100).allSatisfy { _ in generator.uniform(below: 1) == 0 })
  }

  @Test func unitIntervalLeavesOneOut() {
    var generator = SeededGenerator(seed: 6)
    let values = (0..<5_000).map { _ in generator.unitInterval() }
    #expect(values.allSatisfy { (0..<1).contains($0) })
    #expect(abs(values.reduce(0, +) / 5_000 - 0.5) < 0.02)
  }

  @Test func normalDeviatesHaveMeanZeroAndDeviationOne() {
    var generator = SeededGenerator(seed: 8)
    let values = (0..<5_000).map { _ in generator.normal() }
    #expect(values.allSatisfy { $0.isFinite })
    #expect(abs(values.reduce(0, +) / 5_000) < 0.05)
    #expect(abs(values.reduce(0) { $0 + $1 * $1 } / 5_000 - 1) < 0.06)
  }

  @Test func shuffleReachesEveryOrderEquallyOften() {
    var generator = SeededGenerator(seed: 9)
    var counts: [[Int]: Int] = [:]
    for _ in 0..<6_000 {
      var items = [0, 1, 2]
      generator.shuffle(&items)
      counts[items, default: 0] += 1
    }
    #expect(counts.count == 6)
    // χ² with 5 degrees of freedom.
    #expect(counts.values.reduce(0) { $0 + pow(Double($1) - 1_000, 2) / 1_000 } < 20.5)
  }

  @Test(arguments: [(0, 0), (0, 5), (1, 1), (3, 100), (50, 100), (51, 100), (100, 100)])
  func distinctNumbersAreDistinctAndInRange(count: Int, bound: Int) {
    var generator = SeededGenerator(seed: 10)
    let drawn = generator.distinct(count, below: bound)
    #expect(drawn.count == count)
    #expect(Set(drawn).count == count)
    #expect(drawn.allSatisfy { (0..<bound).contains($0) })
  }

  @Test(arguments: [2, 3]) func everyPlaceOfDistinctNumbersIsUniform(count: Int) {
    // 2 of 5 goes by rejection, 3 of 5 through a partial shuffle.
    var generator = SeededGenerator(seed: 11)
    var counts = [Int](repeating: 0, count: 5)
    for _ in 0..<5_000 { counts[generator.distinct(count, below: 5)[count - 1]] += 1 }
    #expect(counts.reduce(0) { $0 + pow(Double($1) - 1_000, 2) / 1_000 } < 18.5)
  }
}
