import Mixers
import Operations
import Testing

@testable import Training

@Suite struct SamplingTests {
  @Test func packsHoldEveryTextOnceWithinTheirCapacity() {
    var generator = SeededGenerator(seed: 1)
    for _ in 0..<100 {
      let rows = (0..<generator.uniform(below: 60) + 1).map { _ in 1 + generator.uniform(below: 100) }
      let workers = 1 + generator.uniform(below: 4)
      let packs = PackPlan.packs(rows: rows, workers: workers, capacity: 128)
      #expect(packs.count % workers == 0)
      #expect(packs.flatMap { $0 }.sorted() == Array(rows.indices))
      #expect(packs.allSatisfy { $0.reduce(0) { $0 + rows[$1] } <= 128 })
    }
    let even = PackPlan.packs(rows: [Int](repeating: 10, count: 40), workers: 2, capacity: 128)
    #expect(Set(even.map(\.count)) == [10])
  }

  @Test func anEpochVisitsEveryTextOnce() {
    var sampler = TextSampler(lengths: [[Int](repeating: 7, count: 50)], weights: [1], budget: 30, seed: 3)
    var texts: [Int] = []
    while texts.count < 100 {
      let batch = sampler.next()
      #expect((1...4).contains(batch.count))
      texts += batch.map(\.text)
    }
    #expect(texts.prefix(50).sorted() == Array(0..<50))
    #expect(texts[50..<100].sorted() == Array(0..<50))
    #expect(Array(texts.prefix(50)) != Array(texts[50..<100]))
  }

  @Test func sharesOfTokensFollowTheWeights() {
    var sampler = TextSampler(
      lengths: [[Int](repeating: 10, count: 30), [Int](repeating: 3, count: 500)], weights: [3, 1], budget: 100, seed: 3
    )
    for _ in 0..<200 { _ = sampler.next() }
    let share = Double(sampler.state.tokens[0]) / Double(sampler.state.tokens[0] + sampler.state.tokens[1])
    #expect(abs(share - 0.75) < 0.01)
  }

  @Test func aRestoredSamplerGoesOn() {
    var sampler = TextSampler(lengths: [[3, 4, 5, 6, 7]], weights: [1], budget: 9, seed: 3)
    for _ in 0..<4 { _ = sampler.next() }
    var other = TextSampler(lengths: [[3, 4, 5, 6, 7]], weights: [1], budget: 9, seed: 3)
    other.state = sampler.state
    for _ in 0..<5 { #expect(sampler.next() == other.next()) }
  }

  @Test func aTextBeyondTheBudgetIsABatchByItself() {
    var sampler = TextSampler(lengths: [[50, 60]], weights: [1], budget: 9, seed: 3)
    #expect(sampler.next().count == 1)
    #expect(sampler.batches(epochs: 2) == 4 || sampler.batches(epochs: 2) == 3)
  }

  @Test func theSpanIsCutOutOfTheStory() {
    let story = (0..<40).map { Int32($0) }
    var generator = SeededGenerator(seed: 1)
    var supervision = SelfSupervision()
    supervision.removalShare = 1
    for _ in 0..<200 {
      let (span, rest) = supervision.split(story[...]) { generator.unitInterval() }
      #expect((8...20).contains(span.count))
      #expect((span + rest).sorted() == story)
      #expect(zip(span, span.dropFirst()).allSatisfy { $0 + 1 == $1 })
    }
    let (span, rest) = supervision.split([5]) { 0.5 }
    #expect(span == [5] && rest == [5], "a story of one token stays whole")
  }

  @Test func theScheduleWarmsUpAndDecays() {
    let cosine = LearningRateSchedule(shape: .cosine, peak: 1, warmUp: 10, total: 110, finalShare: 0.1)
    #expect(abs(cosine.rate(1) - 0.1) < 1e-12 && cosine.rate(10) == 1)
    #expect(abs(cosine.rate(60) - 0.55) < 1e-12 && abs(cosine.rate(110) - 0.1) < 1e-12)
    let linear = LearningRateSchedule(shape: .linear, peak: 1, warmUp: 0, total: 100, finalShare: 0)
    #expect(abs(linear.rate(50) - 0.5) < 1e-12 && abs(linear.rate(100)) < 1e-12)
    #expect(LearningRateSchedule(shape: .constant, peak: 2, total: 5).rate(5) == 2)
  }

  @Test func theChanceOfWinningIsExact() {
    // One better story among 9 others, 3 of which are drawn: it is not drawn with 6/9.
    #expect(abs(EmbedderEvaluation.winChance(better: 1, all: 9, drawn: 3) - 6.0 / 9) < 1e-12)
    #expect(EmbedderEvaluation.winChance(better: 0, all: 9, drawn: 9) == 1)
    #expect(EmbedderEvaluation.winChance(better: 7, all: 9, drawn: 3) == 0)
    let figures = EmbedderEvaluation.figures(betterStories: [0, 1], stories: 10).figures
    #expect(figures["accuracy@1"] == 0.5 && figures["mrr"] == 0.75 && figures["top-1 of 10"] == 0.5)
  }

  @Test func clippingScalesLongGradientsOnly() {
    #expect(GradientClipping.scale(norm: 4, limit: 1) == 0.25)
    #expect(GradientClipping.scale(norm: 0.5, limit: 1) == 1)
    #expect(GradientClipping.scale(norm: 4, limit: nil) == 1)
  }
}
