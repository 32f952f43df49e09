public import Datasets
internal import EmbeddingStore
internal import Foundation
internal import Mixers
public import Operations
internal import Synchronization
public import Tensors

/// Finds what a point of BM25 should count beside the cosine, and from which score on a query's words are to be trusted,
/// on development splits.
///
/// Two numbers are fitted to hundreds of queries, so that what is learned holds for others as well.
public struct FusionTuner: Sendable {
  /// What was found for one pair of numbers.
  public struct Trial: Sendable, Equatable {
    public let textWeight: Double
    public let fullTrustScore: Double
    /// Mean reciprocal rank (at most 10 deep) of each split, in the order of the splits.
    public let reciprocalRanks: [Double]

    /// The mean: every split counts the same, however many queries it has.
    public var score: Double { reciprocalRanks.reduce(0, +) / Double(max(1, reciprocalRanks.count)) }
  }

  /// The fusions tried: weights from 0.001 to 1, each 1.26 times (10^⅒) the one before, for each score of full trust.
  public static let fusions: [WeightedFusion] = [0, 10, 15, 20, 25, 30, 35, 40, 50].flatMap { score in
    (0...30).map { WeightedFusion(textWeight: 0.001 * pow(10, Double($0) / 10), fullTrustScore: score) }
  }

  private let search: CollectionSearch
  private let dense: SearchMode
  private let threads: Int

  /// - Parameter dense: `cosine` or `projection`.
  public init(_ search: CollectionSearch, dense: SearchMode, threads: Int = WorkerPool.defaultThreads) {
    self.search = search
    self.dense = dense
    self.threads = threads
  }

  /// The trials in the order of ``fusions``.
  ///
  /// - Parameters:
  ///   - splits: queries with their embeddings, split by split.
  ///   - advanced: called from any worker with the number of queries just finished.
  /// - Throws: what searching throws.
  public func trials(
    _ splits: [[(query: JudgedQuery, embedding: [Float])]], cancellation: Cancellation? = nil,
    advanced: @Sendable (Int) -> Void = { _ in }
  ) throws -> [Trial] {
    let ranks = try splits.map { try reciprocalRanks($0, cancellation, advanced) }
    return Self.fusions.enumerated().map { index, fusion in
      Trial(
        textWeight: fusion.textWeight, fullTrustScore: fusion.fullTrustScore, reciprocalRanks: ranks.map { $0[index] })
    }
  }

  /// The best of the trials: those that are best on the first split, but for what one query loses by falling from the
  /// first place to the second, compete by the mean over all splits. Of a plateau of equals the middle one, which is the
  /// safest there.
  ///
  /// - Parameter queries: of the first split.
  public static func best(_ trials: [Trial], queries: Int) -> Trial? {
    guard let first = trials.compactMap(\.reciprocalRanks.first).max() else { return nil }
    let tolerance = 0.5 / Double(max(1, queries)) + 1e-9
    let eligible = trials.filter { $0.reciprocalRanks[0] >= first - tolerance }
    let top = eligible.map(\.score).max() ?? 0
    let plateau = eligible.filter { $0.score >= top - 1e-12 }
    return plateau[plateau.count / 2]
  }

  /// For each fusion the mean over the queries.
  private func reciprocalRanks(
    _ queries: [(query: JudgedQuery, embedding: [Float])], _ cancellation: Cancellation?,
    _ advanced: @Sendable (Int) -> Void
  ) throws -> [Double] {
    let text = try search.firstStage(.bm25, nil)
    let meaning = try search.firstStage(dense, nil)
    let results = Mutex([[Double]?](repeating: nil, count: queries.count))
    try WorkerPool.forEach(count: queries.count, threads: threads) { _, index in
      try cancellation?.check()
      let (judged, embedding) = queries[index]
      let query = SearchQuery(text: judged.text, embedding: embedding)
      let lists = try [text, meaning].map { try $0.candidates(for: query, limit: Self.fusions[0].depth) }
      let candidates = FusedScores(text: lists[0], dense: lists[1], relevant: Set(judged.relevantIDs))
      let own = Self.fusions.map { candidates.reciprocalRank(under: $0) }
      results.withLock { $0[index] = own }
      advanced(1)
    }
    // Summed in the order of the queries, so that the result does not depend on the threads.
    let all = results.withLock { $0.compactMap { $0 } }
    return Self.fusions.indices.map { fusion in all.reduce(0) { $0 + $1[fusion] } / Double(max(1, all.count)) }
  }
}

/// The two scores of a query's candidates, so that a fusion's rank of the relevant ones is a matter of counting.
private struct FusedScores {
  private struct Candidate {
    let id: String
    let text: Double
    let dense: Double
    let isRelevant: Bool
  }

  private let candidates: [Candidate]
  private let best: Double

  init(text: [ScoredDocument], dense: [ScoredDocument], relevant: Set<String>) {
    best = text.first?.score ?? 0
    candidates = WeightedFusion.join(text: text, dense: dense).map {
      Candidate(id: $0.key, text: $0.value.text, dense: $0.value.dense, isRelevant: relevant.contains($0.key))
    }
  }

  /// 1 / rank of the first relevant document within 10, or 0.
  func reciprocalRank(under fusion: WeightedFusion) -> Double {
    let weight = fusion.weight(best: best)
    func precedes(_ a: Candidate, _ b: Candidate) -> Bool {
      let (first, second) = (a.dense + weight * a.text, b.dense + weight * b.text)
      return first != second ? first > second : a.id.precedesByBytes(b.id)
    }
    guard let first = candidates.filter(\.isRelevant).min(by: precedes) else { return 0 }
    let rank = candidates.count { precedes($0, first) } + 1
    return rank <= 10 ? 1 / Double(rank) : 0
  }
}
