import Datasets
import EmbeddingStore
import Foundation
import Mixers
import TestSupport
import Testing

@testable import Retrieval

@Suite("Tuning")
struct TuningTests {
  let fixture: SearchFixture
  let queries: [JudgedQuery]

  init() throws {
    fixture = try SearchFixture(stories: 30) { $0.maskedMixerFingerprint = $1 }
    queries = fixture.stories.sorted { $0.key < $1.key }.prefix(12).map { id, text in
      JudgedQuery(
        id: "q" + id, text: text.split(separator: " ").prefix(25).joined(separator: " "),
        relevant: [Judgement(queryID: "q" + id, storyID: id, score: 1)])
    }
  }

  private func tune(threads: Int = 2) throws -> ModeTuner.Report {
    let engine = SearchEngine(store: fixture.store, models: fixture.models, threads: threads)
    return try ModeTuner(engine).tune([ModeTuner.Split(name: "dev", queries: queries)], dataset: "tiny")
  }

  @Test func everyTrialIsWhatSearchingWithItsWeightGives() throws {
    let search = try fixture.engine.collection("default")
    let embedded = try queries.map { ($0, try fixture.embedder.embed([$0.text])[0].embedding) }
    let trials = try FusionTuner(search, dense: .cosine).trials([embedded.map { (query: $0.0, embedding: $0.1) }])
    #expect(trials.count == FusionTuner.fusions.count)
    for trial in [trials[0], trials[15], trials[150], trials[240]] {
      let tried = search.trying(
        RetrievalMixerConfiguration.Fusion(
          dense: "cosine", textWeight: trial.textWeight, fullTrustScore: trial.fullTrustScore,
          splits: []))
      let ranks = try embedded.map { query, embedding in
        let ranked = try tried.rank(SearchQuery(text: query.text, embedding: embedding), mode: .hybrid, limit: 10)
        return RankingMetrics.reciprocalRank(
          ranked.documents.map(\.id), relevant: Set(query.relevantIDs), at: 10)
      }
      #expect(abs(ranks.reduce(0, +) / Double(ranks.count) - trial.score) < 1e-12)
    }
  }

  @Test func ofAPlateauTheMiddleIsTaken() {
    let scores = [0.5, 0.8, 0.9, 0.9, 0.9, 0.7]
    let trials = scores.enumerated().map {
      FusionTuner.Trial(textWeight: Double($0 + 1), fullTrustScore: 0, reciprocalRanks: [$1])
    }
    #expect(FusionTuner.best(trials, queries: 400)?.textWeight == 4)
    #expect(FusionTuner.best([], queries: 400) == nil)
  }

  /// The mean decides only among those that the first split does not tell apart.
  @Test func theFirstSplitComesFirst() {
    let ranks = [[0.95, 0.9], [0.99, 0.1], [0.9895, 0.2]]
    let trials = ranks.enumerated().map {
      FusionTuner.Trial(textWeight: Double($0 + 1), fullTrustScore: 0, reciprocalRanks: $1)
    }
    #expect(FusionTuner.best(trials, queries: 400)?.textWeight == 3)
    // Half a thousandth is more than one query's fall from the first place among two thousand.
    #expect(FusionTuner.best(trials, queries: 2000)?.textWeight == 2)
  }

  /// The random embedder knows nothing, full text nearly everything.
  @Test func theWinnerIsRecordedAndThenUsed() throws {
    let report = try tune()
    #expect(report.figures["cosine"]?["dev"]?.accuracyAt1 ?? 1 < 0.5)
    #expect(report.figures["hybrid"]?["dev"]?.accuracyAt1 ?? 0 >= 0.9)
    #expect(["bm25", "hybrid"].contains(report.automatic.mode))
    #expect(report.automatic.accuracy["bm25"] == report.figures["bm25"]?["dev"]?.accuracyAt1)

    let weights = try Data(contentsOf: URL(fileURLWithPath: fixture.folder.path("retriever/model.safetensors")))
    try fixture.models.record(report.automatic, fusion: report.fusion)
    let search = try fixture.engine.collection("default")
    #expect(search.fusion == report.fusion)
    #expect(try search.resolve(.automatic).rawValue == report.automatic.mode)
    #expect(try Data(contentsOf: URL(fileURLWithPath: fixture.folder.path("retriever/model.safetensors"))) == weights)
  }

  @Test func theReportDoesNotDependOnTheThreads() throws { #expect(try tune(threads: 1) == tune(threads: 3)) }

  @Test(arguments: [("dense", "\"bm25\""), ("bm25_weight", "0"), ("bm25_weight", "-1"), ("bm25_full_trust", "-1")])
  func aFusionOutOfRangeIsRefused(key: String, value: String) throws {
    let values = ["dense": "\"cosine\"", "bm25_weight": "0.01", "bm25_full_trust": "0"].merging([key: value]) { $1 }
    let fusion = values.map { "\"\($0)\": \($1)" }.joined(separator: ", ")
    let json = """
      {"architectures": ["RetrievalMixer"], "hidden_size": 8, "num_hidden_layers": 1, "context_width": 8,
       "fusion": {"splits": ["dev"], \(fusion)}}
      """
    let configuration = try JSONDecoder().decode(RetrievalMixerConfiguration.self, from: Data(json.utf8))
    #expect(throws: MixersError.self) { try configuration.validate() }
  }
}
