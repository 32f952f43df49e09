public import Datasets
internal import EmbeddingStore
internal import Foundation
public import Operations
internal import Synchronization
public import Tensors

/// Finds what a point of BM25 should count beside the cosine, on development splits.
///
/// One number is fitted to hundreds of queries, so that what is learned holds for others as well.
public struct FusionTuner: Sendable {
  /// What was found for one weight.
  public struct Trial: Sendable, Equatable {
    public let textWeight: Double
    /// Mean reciprocal rank (at most 10 deep) of each split, in the order of the splits.
    public let reciprocalRanks: [Double]

    /// Every split counts the same, however many queries it has.
    public var score: Double { reciprocalRanks.reduce(0, +) / Double(max(1, reciprocalRanks.count)) }
  }

  /// The weights tried: 0.001 to 1, each 1.26 times (10^⅒) the one before.
  public static let weights = (0...30).map { 0.001 * pow(10, Double($0) / 10) }

  private let search: CollectionSearch
  private let dense: SearchMode
  private let threads: Int

  /// - Parameter dense: `cosine` or `projection`.
  public init(_ search: CollectionSearch, dense: SearchMode, threads: Int = WorkerPool.defaultThreads) {
    self.search = search
    self.dense = dense
    self.threads = threads
  }

  /// The trials by weight, ascending.
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
    return Self.weights.enumerated().map { index, weight in
      Trial(textWeight: weight, reciprocalRanks: ranks.map { $0[index] })
    }
  }

  /// The best of the trials; of a plateau of equals the middle one, which is the safest there.
  public static func best(_ trials: [Trial]) -> Trial? {
    guard let top = trials.map(\.score).max() else { return nil }
    let plateau = trials.filter { $0.score >= top - 1e-12 }
    return plateau[plateau.count / 2]
  }

  /// For each weight the mean over the queries.
  private func reciprocalRanks(
    _ queries: [(query: JudgedQuery, embedding: [Float])], _ cancellation: Cancellation?,
    _ advanced: @Sendable (Int) -> Void
  ) throws -> [Double] {
    let text = try search.firstStage(.bm25, nil)
    let meaning = try search.firstStage(dense, nil)
    let sums = Mutex([[Double]?](repeating: nil, count: queries.count))
    try WorkerPool.forEach(count: queries.count, threads: threads) { _, index in
      try cancellation?.check()
      let (judged, embedding) = queries[index]
      let query = SearchQuery(text: judged.text, embedding: embedding)
      let depth = WeightedFusion(textWeight: 1).depth
      let lists = try [text, meaning].map { try $0.candidates(for: query, limit: depth) }
      let relevant = Set(judged.relevantIDs)
      let own = Self.weights.map { weight in
        RankingMetrics.reciprocalRank(
          WeightedFusion(textWeight: weight).fuse(lists).prefix(10).map(\.id), relevant: relevant, at: 10)
      }
      sums.withLock { $0[index] = own }
      advanced(1)
    }
    // Summed in the order of the queries, so that the result does not depend on the threads.
    let all = sums.withLock { $0.compactMap { $0 } }
    return Self.weights.indices.map { weight in
      all.reduce(0) { $0 + $1[weight] } / Double(max(1, all.count))
    }
  }
}
