import Datasets
import EmbeddingStore
import TestSupport
import Testing

@testable import Retrieval

@Suite("Evaluation")
struct EvaluationTests {
  let fixture: SearchFixture
  let queries: [JudgedQuery]

  init() throws {
    fixture = try SearchFixture(stories: 30)
    // Each story is asked with its own first words, so that full text must find nearly all of them.
    queries = fixture.stories.sorted { $0.key < $1.key }.map { id, text in
      JudgedQuery(
        id: "q" + id, text: text.split(separator: " ").prefix(25).joined(separator: " "),
        relevant: [Judgement(queryID: "q" + id, storyID: id, score: 1)])
    }
  }

  func evaluate(_ mode: SearchMode, threads: Int = 2, seed: UInt64 = 3) throws -> EvaluationReport {
    var options = Evaluator.Options()
    options.mode = mode
    options.width = 8
    options.seed = seed
    let engine = SearchEngine(store: fixture.store, models: fixture.models, threads: threads)
    return try Evaluator(engine, options).evaluate(queries, dataset: "tiny", split: "all").report
  }

  @Test func fullTextFindsStoriesByTheirOwnWords() throws {
    let report = try evaluate(.bm25)
    #expect(report.metrics.accuracyAt1 >= 0.9)
    #expect(report.width.top1 >= 0.9)
    #expect(report.width.candidates == 7)
    #expect(report.queries == 30)
  }

  /// A random model cannot know: among seven it is right about once in seven.
  @Test func aRandomRetrieverIsNearChance() throws {
    let report = try evaluate(.tournament)
    #expect(report.width.top1 < 0.5)
  }

  @Test(arguments: [SearchMode.bm25, .cosine, .hybrid, .twoStage, .tournament])
  func isDeterministicAndIndependentOfThreads(mode: SearchMode) throws {
    #expect(try evaluate(mode, threads: 1) == evaluate(mode, threads: 3))
  }

  @Test func theSeedChangesTheDraws() throws {
    let tops = try (1...6).map { try evaluate(.cosine, seed: $0).width.top1 }
    #expect(Set(tops).count > 1)
  }

  @Test func aSplitOfOtherStoriesIsRefused() throws {
    var options = Evaluator.Options()
    options.mode = .bm25
    let stranger = JudgedQuery(
      id: "q", text: "anything", relevant: [Judgement(queryID: "q", storyID: "nowhere", score: 1)])
    #expect(throws: RetrievalError.self) {
      try Evaluator(fixture.engine, options).evaluate([stranger], dataset: "tiny", split: "all")
    }
  }
}
