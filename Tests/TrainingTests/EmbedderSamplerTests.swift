import Mixers
import Testing

@testable import Training

@Suite struct EmbedderSamplerTests {
  @Test func theQueriesOfAStoryShareItsOneText() throws {
    var sampler = try makeSampler { $0.queriesPerStory = 3 }
    var seen: Set<String> = []
    for step in 0..<8 {
      let batch = try sampler.next(step: step)
      #expect(batch.targets.count == 4)
      #expect(batch.texts.count == batch.queries.count + batch.targets.count)
      for (target, story) in batch.groups.enumerated() {
        let ids = batch.positives.indices.filter { batch.positives[$0] == target }.map { batch.ids[$0] }
        // The last story has one query only.
        #expect(Set(ids) == (story == 11 ? ["q11"] : ["q\(story)", "p\(2 * story)", "p\(2 * story + 1)"]))
        #expect(batch.texts[batch.targets[target]] == pairs.stories[story])
        #expect(batch.textIDs[batch.targets[target]] == "s\(story)")
        seen.formUnion(ids)
      }
    }
    #expect(seen.count == 34)
  }

  @Test func stretchesAreTakenOutOfTheStoryThatTheOtherQueriesAreToFind() throws {
    let story = try TokenWindow(Array(3..<14), endOfText: 2, configuration: Tiny.configuration)
    let query = try TokenWindow([3, 4, 5], endOfText: 2, configuration: Tiny.configuration)
    let pairs = EmbedderPairs(
      stories: [story], storyIDs: ["s"], sources: [.init([.init(id: "q", query: query, story: 0)])])
    var sampler = try makeSampler(pairs) {
      $0.queriesPerStory = 2
      $0.selfSupervisedShare = 0.5
      $0.selfSupervision.spanTokens = 2...3
      $0.selfSupervision.removalShare = 1
    }
    var mixed = 0
    for step in 0..<20 {
      let batch = try sampler.next(step: step)
      for target in batch.targets.indices {
        let queries = batch.queries.indices.filter { batch.positives[$0] == target }
        let stretches = queries.filter { batch.ids[$0].hasSuffix("(itself)") }
        let left = batch.texts[batch.targets[target]].tokens.count
        let taken = stretches.reduce(0) { $0 + batch.texts[batch.queries[$1]].tokens.count - 1 }
        #expect(left + taken == story.tokens.count)
        #expect((batch.textIDs[batch.targets[target]] == nil) == !stretches.isEmpty)
        if stretches.count == 1, queries.count == 2 { mixed += 1 }
      }
    }
    #expect(mixed > 10)
  }

  @Test func tokensAreLeftOutButNeverTheEnd() throws {
    var sampler = try makeSampler { $0.tokenDropout = 0.5 }
    var (all, kept) = (0, 0)
    for step in 0..<4 {
      let batch = try sampler.next(step: step)
      all += batch.groups.reduce(0) { $0 + pairs.stories[$1].tokens.count }
      #expect(batch.texts.allSatisfy { $0.tokens.last == 2 && $0.tokens.count > 2 })
      kept += batch.targets.reduce(0) { $0 + batch.texts[$1].tokens.count }
    }
    #expect(kept < all * 3 / 4)
  }

  @Test func aStepsBatchDependsOnTheSeedAndTheStateAlone() throws {
    var (first, second) = (try makeSampler { _ in }, try makeSampler { _ in })
    for step in 0..<3 { _ = try first.next(step: step) }
    second.state = first.state
    #expect(try first.next(step: 3).texts == second.next(step: 3).texts)
  }

  private let pairs: EmbedderPairs

  init() throws { pairs = try Tiny.embedderPairs() }

  private func makeSampler(
    _ pairs: EmbedderPairs? = nil, _ change: (inout EmbedderTask.Options) -> Void
  ) throws -> EmbedderSampler {
    var options = EmbedderTask.Options()
    options.batch = 12
    change(&options)
    return EmbedderSampler(Tiny.configuration, endOfText: 2, pairs: pairs ?? self.pairs, options: options)
  }
}
