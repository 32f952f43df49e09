public import Operations

/// Something that ranks a corpus for a query: BM25, projection or a retriever over a store.
public protocol NegativeSource {
  /// The ids of the best `depth` stories for a query, best first; fewer where there are no more.
  func ranked(query: String, depth: Int) throws -> [String]
}

/// Mines hard negatives: the stories that a source ranks high for a query and that do not answer it.
///
/// The very first ranks often hold unjudged answers, which is why the range commonly begins at 2 or later
/// (Karpukhin et al. 2020, arXiv 2004.04906; Xiong et al. 2021, arXiv 2007.00808).
public struct HardNegativeMiner: Sendable {
  public struct Report: Sendable, Codable, Equatable {
    public var queries = 0
    public var negatives = 0
    /// Queries for which the source found nothing else in the range.
    public var queriesWithoutNegatives = 0
    /// Mean rank of the first answer where it was within the range's end, and how often it was.
    public var answersFound = 0
    public var meanAnswerRank = 0.0
  }

  /// Ranks, counted from 1, that negatives are taken from; answers keep their rank but are left out.
  public var ranks: ClosedRange<Int>

  /// - Throws: ``DatasetError`` for ranks below 1.
  public init(ranks: ClosedRange<Int> = 2...50) throws {
    guard ranks.lowerBound >= 1 else {
      throw DatasetError(
        Diagnosis(.badInput, "ranks are counted from 1", found: "\(ranks.lowerBound)-\(ranks.upperBound)"))
    }
    self.ranks = ranks
  }

  /// Reads ranks written `2-50`.
  ///
  /// - Throws: ``DatasetError`` when they are written otherwise.
  public init(ranks text: String) throws {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let from = parts[0], let to = parts[1], from <= to else {
      throw DatasetError(
        Diagnosis(.badInput, "the ranks cannot be read", expected: "FROM-TO, such as 2-50", found: text.excerpt()))
    }
    try self.init(ranks: from...to)
  }

  /// - Parameter progress: called with the number of queries done.
  /// - Throws: what `source` or `cancellation` throws.
  public func mine(
    _ queries: [JudgedQuery], from source: some NegativeSource, cancellation: Cancellation = Cancellation(),
    progress: (Int) -> Void = { _ in }
  ) throws -> (negatives: HardNegatives, report: Report) {
    var rows: [HardNegatives.Row] = []
    var report = Report()
    for query in queries {
      try cancellation.check()
      let ranked = try source.ranked(query: query.text, depth: ranks.upperBound)
      let answers = Set(query.relevantIDs)
      let inRange = ranked.prefix(ranks.upperBound).dropFirst(ranks.lowerBound - 1)
      let negatives = inRange.filter { !answers.contains($0) }
      rows.append(HardNegatives.Row(queryID: query.id, negativeIDs: Array(negatives)))
      report.queries += 1
      report.negatives += negatives.count
      if negatives.isEmpty { report.queriesWithoutNegatives += 1 }
      if let rank = ranked.prefix(ranks.upperBound).firstIndex(where: answers.contains) {
        report.answersFound += 1
        report.meanAnswerRank += Double(rank + 1)
      }
      progress(report.queries)
    }
    if report.answersFound > 0 { report.meanAnswerRank /= Double(report.answersFound) }
    return (HardNegatives(rows: rows), report)
  }
}
