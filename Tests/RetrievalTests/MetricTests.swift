import EmbeddingStore
import Foundation
import Testing

@testable import Retrieval

@Suite("Metrics")
struct MetricTests {
  let ranked = ["a", "b", "c", "d", "e"]

  @Test func accuracyAsksForOneHit() {
    #expect(RankingMetrics.accuracy(ranked, relevant: ["a"], at: 1) == 1)
    #expect(RankingMetrics.accuracy(ranked, relevant: ["b"], at: 1) == 0)
    #expect(RankingMetrics.accuracy(ranked, relevant: ["b"], at: 2) == 1)
    #expect(RankingMetrics.accuracy([], relevant: ["b"], at: 2) == 0)
  }

  @Test func reciprocalRankIsOfTheFirstHit() {
    #expect(RankingMetrics.reciprocalRank(ranked, relevant: ["c", "e"], at: 10) == 1.0 / 3)
    #expect(RankingMetrics.reciprocalRank(ranked, relevant: ["e"], at: 4) == 0)
  }

  @Test func recallIsAShareOfAllRelevant() {
    #expect(RankingMetrics.recall(ranked, relevant: ["a", "e", "x", "y"], at: 5) == 0.5)
    #expect(RankingMetrics.recall(ranked, relevant: ["a", "e"], at: 1) == 0.5)
  }

  /// Hits at ranks 1 and 4 of three relevant: (1/1 + 2/4) / 3.
  @Test func averagePrecisionDividesByAllRelevant() {
    #expect(abs(RankingMetrics.averagePrecision(ranked, relevant: ["a", "d", "x"], at: 100) - 0.5) < 1e-12)
  }

  /// Hits at ranks 2 and 3, two relevant: (1/log₂3 + 1/log₂4) / (1/log₂2 + 1/log₂3).
  @Test func gainIsDiscountedAndNormalised() {
    let expected = (1 / log2(3.0) + 1 / 2) / (1 + 1 / log2(3.0))
    #expect(abs(RankingMetrics.normalizedGain(ranked, relevant: ["b", "c"], at: 10) - expected) < 1e-12)
    #expect(RankingMetrics.normalizedGain(ranked, relevant: ["a", "b"], at: 10) == 1)
  }

  @Test func meansAreOverQueries() {
    let means = MetricMeans([(ranked: ranked, relevant: Set(["a"])), (ranked: ranked, relevant: Set(["x"]))])
    #expect(means.accuracyAt1 == 0.5)
    #expect(means.recallAt100 == 0.5)
  }

  @Test func fusionAddsReciprocalRanks() {
    let fused = ReciprocalRankFusion().fuse([documents(("a", 9), ("b", 2)), documents(("b", 1), ("c", 1))])
    #expect(fused.map(\.id) == ["b", "a", "c"])
    #expect(abs(fused[0].score - (1.0 / 62 + 1.0 / 61)) < 1e-15)
  }

  @Test func equalScoresAreOrderedById() {
    #expect(ReciprocalRankFusion().fuse([documents(("z", 1)), documents(("y", 1))]).map(\.id) == ["y", "z"])
  }

  /// Lacking in BM25's list counts 0, in the dense one its least cosine.
  @Test func weightedFusionAddsScores() {
    let fused = WeightedFusion(textWeight: 0.1).fuse([
      documents(("a", 7), ("b", 2)), documents(("c", 0.9), ("b", 0.76), ("d", 0.25)),
    ])
    #expect(fused.map(\.id) == ["b", "a", "c", "d"])
    #expect(zip(fused, [0.96, 0.95, 0.9, 0.25]).allSatisfy { abs($0.score - $1) < 1e-12 })
    let damped = WeightedFusion(textWeight: 0.1, fullTrustScore: 14)
    #expect(abs(damped.weight(best: 7) - 0.025) < 1e-12 && damped.weight(best: 20) == 0.1)
    #expect(damped.fuse([documents(("a", 7)), documents(("c", 0.9), ("d", 0.25))]).map(\.id) == ["c", "a", "d"])
    #expect(WeightedFusion(textWeight: 1).fuse([documents(("a", 7)), []]).map(\.id) == ["a"])
  }

  private func documents(_ pairs: (String, Double)...) -> [ScoredDocument] {
    pairs.map { ScoredDocument(id: $0.0, score: $0.1) }
  }
}
