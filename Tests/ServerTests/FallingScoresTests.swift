import Testing

@testable import Retrieval
@testable import Server

@Suite struct FallingScoresTests {
  /// Index, round and score, best first.
  static func ranking(_ places: [(Int, Int, Float)]) -> [Reranker.Result] {
    places.map { Reranker.Result(index: $0.0, score: $0.2, round: $0.1) }
  }

  @Test func oneRoundGivesProbabilities() {
    let scores = FallingScores.probabilities(Self.ranking([(0, 1, 2), (1, 1, 1), (2, 1, -3)]))
    #expect(abs(scores.reduce(0, +) - 1) < 1e-12)
    // softmax(2, 1, -3)
    #expect(abs(scores[0] - 0.7274751) < 1e-6)
    #expect(abs(scores[1] - 0.2676230) < 1e-6)
  }

  @Test func aLaterRoundStandsAboveAHigherScore() {
    let ranking = Self.ranking([(3, 2, -5), (1, 2, -9), (0, 1, 40), (2, 1, 39)])
    let scores = FallingScores.probabilities(ranking)
    #expect(zip(scores, scores.dropFirst()).allSatisfy { $0 > $1 })
    #expect(scores[1] > 0.5 && scores[2] < 0.5)
    let raw = FallingScores.raw(ranking)
    #expect(raw[0] == -5)
    #expect(raw[1] == -9)
    // The best of the lower round, 1 below; differences within the round stay.
    #expect(raw[2] == -10)
    #expect(raw[3] == -11)
  }

  @Test func equalScoresStillFall() {
    let ranking = Self.ranking((0..<5).map { ($0, 1, 7) } + (5..<9).map { ($0, 1, -1e30) })
    for scores in [FallingScores.probabilities(ranking), FallingScores.raw(ranking)] {
      #expect(zip(scores, scores.dropFirst()).allSatisfy { $0 > $1 })
    }
    #expect(FallingScores.probabilities([]).isEmpty)
  }
}
