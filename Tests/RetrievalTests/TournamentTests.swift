import Checkpoints
import Mixers
import Operations
import TestSupport
import Testing

@testable import Retrieval

@Suite("Tournament")
struct TournamentTests {
  /// A retrieval mixer of context width 8 (7 candidates) and random embeddings of width 16.
  struct Fixture {
    let folder: TemporaryFolder
    let mixer: RetrievalMixer
    let vectors: TransientVectors
    let query: [Float]

    init(count: Int, contextWidth: Int = 8, width: Int = 16, seed: UInt64 = 5) throws {
      folder = try TemporaryFolder()
      mixer = try RetrievalMixer(
        TinyModels.writeRetrievalMixer(to: folder, width: width, contextWidth: contextWidth))
      var generator = SeededGenerator(seed: seed)
      vectors = TransientVectors(dimension: width, values: (0..<count * width).map { _ in Float(generator.normal()) })
      query = (0..<width).map { _ in Float(generator.normal()) }
    }

    func vector(_ index: Int) -> [Float] {
      Array(vectors.values[index * vectors.dimension..<(index + 1) * vectors.dimension])
    }

    /// One context in plain loops: fillers are zeros in a model without them.
    func plainScores(_ group: [Int]) -> [Float] {
      let free = mixer.configuration.candidateCount - group.count
      let rows = [query] + group.map(vector) + Array(repeating: [Float](repeating: 0, count: query.count), count: free)
      return Array(ReferenceForward.scores(mixer.configuration, mixer.parameters, rows: rows).prefix(group.count))
    }

    /// DESIGN §4, written out: round by round, over plain arrays.
    func plainTournament(_ candidates: [Int], k: Int) -> [Int] {
      let capacity = mixer.configuration.candidateCount
      let keep = min(k, capacity / 2)
      var losers: [[(index: Int, score: Float)]] = []
      var remaining = candidates
      while remaining.count > capacity {
        var next: [Int] = []
        var out: [(index: Int, score: Float)] = []
        var start = 0
        while start < remaining.count {
          let group = Array(remaining[start..<min(start + capacity, remaining.count)])
          let ranked = zip(group, plainScores(group)).map { (index: $0, score: $1) }.sorted { $0.score > $1.score }
          next += ranked.prefix(keep).map(\.index)
          out += ranked.dropFirst(keep)
          start += capacity
        }
        losers.append(out)
        remaining = next.sorted()
      }
      losers.append(zip(remaining, plainScores(remaining)).map { (index: $0, score: $1) })
      return losers.reversed().flatMap { round in round.sorted { $0.score > $1.score }.map(\.index) }
    }
  }

  @Test(arguments: [(1, 1), (5, 3), (7, 1), (8, 1), (8, 10), (50, 1), (50, 2), (50, 50), (131, 3)])
  func equalsTheDefinitionWrittenOut(count: Int, k: Int) throws {
    let fixture = try Fixture(count: count)
    let placings = try Tournament(ContextScorer(fixture.mixer, threads: 2)).rank(
      query: fixture.query, candidates: Array(0..<count), of: fixture.vectors, k: k)
    #expect(placings.map(\.index) == fixture.plainTournament(Array(0..<count), k: k))
  }

  @Test func ranksEveryCandidateOnce() throws {
    let fixture = try Fixture(count: 200)
    let placings = try Tournament(ContextScorer(fixture.mixer, threads: 2)).rank(
      query: fixture.query, candidates: Array(0..<200), of: fixture.vectors, k: 3)
    #expect(placings.map(\.index).sorted() == Array(0..<200))
    for (better, worse) in zip(placings, placings.dropFirst()) {
      #expect(better.round > worse.round || (better.round == worse.round && better.score >= worse.score))
    }
  }

  @Test func doesNotDependOnTheNumberOfThreads() throws {
    let fixture = try Fixture(count: 120)
    let rankings = try [1, 2, 5].map { threads in
      try Tournament(ContextScorer(fixture.mixer, threads: threads)).rank(
        query: fixture.query, candidates: Array(0..<120), of: fixture.vectors, k: 2)
    }
    #expect(rankings[0] == rankings[1])
    #expect(rankings[0] == rankings[2])
  }

  /// 127 groups of 127 leave 127 winners at k = 1, which one last context ranks: two rounds for 16,129 candidates.
  @Test func twoRoundsServe16129CandidatesAt128() throws {
    let count = 127 * 127
    let fixture = try Fixture(count: count, contextWidth: 128, width: 4)
    let tournament = Tournament(ContextScorer(fixture.mixer, threads: 2))
    let placings = try tournament.rank(
      query: fixture.query, candidates: Array(0..<count), of: fixture.vectors, k: 1)
    #expect(placings.map(\.round).max() == 2)
    #expect(placings.count { $0.round == 2 } == 127)
    #expect(Set(placings.filter { $0.round == 2 }.map { $0.index / 127 }).count == 127)
    #expect(placings.map(\.index).sorted() == Array(0..<count))

    // One candidate more makes a third round: 128 winners of 128 groups need two contexts more, then one.
    let larger = try Fixture(count: count + 1, contextWidth: 128, width: 4)
    let more = try Tournament(ContextScorer(larger.mixer, threads: 2)).rank(
      query: larger.query, candidates: Array(0..<count + 1), of: larger.vectors, k: 1)
    #expect(more.map(\.round).max() == 3)
  }

  @Test func stopsWhenAsked() throws {
    let fixture = try Fixture(count: 100)
    let cancellation = Cancellation()
    cancellation.request()
    #expect(throws: OperationError.self) {
      try Tournament(ContextScorer(fixture.mixer, threads: 2)).rank(
        query: fixture.query, candidates: Array(0..<100), of: fixture.vectors, k: 1, cancellation: cancellation)
    }
  }
}
