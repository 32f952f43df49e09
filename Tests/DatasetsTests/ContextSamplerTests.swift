import Foundation
import Testing

@testable import Datasets

@Suite struct ContextSamplerTests {
  /// 40 pairs over 30 stories: stories 0–9 have two queries each.
  let storyIDs = (0..<40).map { "s\($0 % 30)" }

  func sampler(width: Int = 8, seed: UInt64 = 7, share: Double = 0, negatives: [String: [String]] = [:]) throws
    -> ContextSampler
  {
    try ContextSampler(
      storyIDs: storyIDs, queryIDs: (0..<40).map { "q\($0)" }, contextWidth: width, seed: seed,
      hardNegatives: negatives, hardShare: share)
  }

  @Test(arguments: [0.0, 0.5, 1.0]) func everyContextKeepsAlgorithmOne(share: Double) throws {
    var sampler = try sampler(
      share: share, negatives: ["q3": ["s4", "s5", "s3", "s4", "unknown", "s6"], "q4": (0..<30).map { "s\($0)" }])
    for _ in 0..<2000 {
      let context = sampler.next()
      let own = sampler.storyOfPair[context.pair]
      #expect(context.candidates.count == 7)
      #expect(Set(context.candidates).count == 7)
      #expect(context.candidates.filter { $0 == own }.count == 1)
      #expect(context.candidates[context.matchSlot] == own)
      #expect(context.candidates.allSatisfy { (0..<30).contains($0) })
    }
  }

  @Test func everyEpochVisitsEveryPairOnceInAnotherOrder() throws {
    var sampler = try sampler()
    let first = (0..<40).map { _ in sampler.next().pair }
    let second = (0..<40).map { _ in sampler.next().pair }
    #expect(Set(first) == Set(0..<40) && Set(second) == Set(0..<40))
    #expect(first != second && first != Array(0..<40))
  }

  /// Chi-square of the match's slot and of each story's share among the candidates, seed fixed:
  /// 6 degrees of freedom, 0.999 quantile 22.5; 28 degrees, 56.9.
  @Test func slotAndCandidatesAreUniform() throws {
    let sampler = try sampler()
    let rounds = 7000
    var slots = [Int](repeating: 0, count: 7)
    var stories = [Int](repeating: 0, count: 30)
    for number in 0..<rounds {
      let context = sampler.context(for: 12, number: number)
      slots[context.matchSlot] += 1
      for story in context.candidates { stories[story] += 1 }
    }
    #expect(chiSquare(slots, expected: Double(rounds) / 7) < 22.5)
    #expect(stories[12] == rounds)
    stories.remove(at: 12)
    #expect(chiSquare(stories, expected: Double(rounds) * 6 / 29) < 56.9)
  }

  func chiSquare(_ counts: [Int], expected: Double) -> Double {
    counts.reduce(0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
  }

  @Test func aRestoredSamplerGoesOnWhereItStood() throws {
    var undisturbed = try sampler()
    var first = try sampler()
    for _ in 0..<57 {
      _ = undisturbed.next()
      _ = first.next()
    }
    let saved = try JSONEncoder().encode(first.state)
    var second = try sampler(seed: 99)
    second.restore(try JSONDecoder().decode(ContextSampler.State.self, from: saved))
    for _ in 0..<60 { #expect(second.next() == undisturbed.next()) }
  }

  @Test func seedsMatter() throws {
    var (a, b, c) = (try sampler(seed: 1), try sampler(seed: 1), try sampler(seed: 2))
    let (first, again, other) = (
      (0..<20).map { _ in a.next() }, (0..<20).map { _ in b.next() }, (0..<20).map { _ in c.next() }
    )
    #expect(first == again && first != other)
  }

  @Test func hardNegativesFillTheirShare() throws {
    let hard = Set([20, 21, 22, 23, 24, 25])
    let sampler = try sampler(share: 3.0 / 7, negatives: ["q1": hard.map { "s\($0)" } + ["s1"]])
    var total = 0
    for number in 0..<500 {
      let context = sampler.context(for: 1, number: number)
      let drawn = context.candidates.filter(hard.contains).count
      // Three are drawn from the list, and the match replaces one of seven at random; others come by chance.
      #expect(drawn >= 2)
      total += drawn
    }
    #expect(total > 1300)
  }

  @Test func aQuerysOtherAnswersAreNeverDrawnAgainstIt() throws {
    let sampler = try ContextSampler(
      storyIDs: ["a", "b", "c", "d", "e"], queryIDs: ["q", "q", "r", "s", "t"], contextWidth: 4, seed: 1)
    for number in 0..<200 {
      let context = sampler.context(for: 0, number: number)
      #expect(Set(context.candidates).isDisjoint(with: [1]))
    }
  }

  @Test func tooFewStoriesAreAnError() throws {
    #expect(message { try sampler(width: 31) }.contains("too few stories"))
    _ = try sampler(width: 30)
    #expect(message { try ContextSampler(storyIDs: [], contextWidth: 2, seed: 0) }.contains("too few stories"))
    #expect(message { try ContextSampler(storyIDs: ["a", "b"], contextWidth: 1, seed: 0) }.contains("cannot sample"))
  }

  @Test func pairsOfOneStoryShareIt() throws {
    let sampler = try sampler()
    #expect(sampler.stories.count == 30 && sampler.pairCount == 40)
    #expect(sampler.storyOfPair[35] == 5 && sampler.targetRow[5] == 5)
  }

  @Test func storiesWithoutAPairAreCandidatesOnly() throws {
    var sampler = try ContextSampler(
      storyIDs: ["a", "b", "a"], queryIDs: ["q", "r", "s"], moreStoryIDs: ["c", "b", "d", "e"], contextWidth: 4,
      seed: 1,
      hardNegatives: ["q": ["e"]], hardShare: 0.4)
    #expect(sampler.stories == ["a", "b", "c", "d", "e"] && sampler.targetRow == [0, 1, 3, 5, 6])
    #expect(sampler.pairCount == 3)
    var seen: Set<Int> = []
    var hard = 0
    for _ in 0..<60 {
      let context = sampler.next()
      #expect(context.candidates[context.matchSlot] == sampler.storyOfPair[context.pair])
      seen.formUnion(context.candidates)
      if context.pair == 0, context.candidates.contains(4) { hard += 1 }
    }
    #expect(seen == [0, 1, 2, 3, 4])
    // Drawn each time; the match may replace it.
    #expect(hard >= 10)
  }
}
