/// The measures of one ranked list against the relevant documents of its query, as trec_eval defines them
/// (relevance is binary here; means over queries are taken by ``MetricMeans``).
public enum RankingMetrics {
  /// Whether a relevant document is among the first k: accuracy@k, also called hit rate or success.
  public static func accuracy(_ ranked: [String], relevant: Set<String>, at k: Int) -> Double {
    ranked.prefix(k).contains(where: relevant.contains) ? 1 : 0
  }

  /// 1 / rank of the first relevant document within k, or 0.
  public static func reciprocalRank(_ ranked: [String], relevant: Set<String>, at k: Int) -> Double {
    ranked.prefix(k).firstIndex(where: relevant.contains).map { 1 / Double($0 + 1) } ?? 0
  }

  /// The share of the relevant documents that is within the first k.
  public static func recall(_ ranked: [String], relevant: Set<String>, at k: Int) -> Double {
    guard !relevant.isEmpty else { return 0 }
    return Double(ranked.prefix(k).count(where: relevant.contains)) / Double(relevant.count)
  }

  /// Mean over all relevant documents of the precision at each one's rank within k.
  public static func averagePrecision(_ ranked: [String], relevant: Set<String>, at k: Int) -> Double {
    guard !relevant.isEmpty else { return 0 }
    var (hits, sum) = (0, 0.0)
    for (offset, id) in ranked.prefix(k).enumerated() where relevant.contains(id) {
      hits += 1
      sum += Double(hits) / Double(offset + 1)
    }
    return sum / Double(relevant.count)
  }

  /// Discounted cumulative gain, `Σ 1 / log₂(rank + 1)`, over that of the ideal list (Järvelin & Kekäläinen 2002).
  public static func normalizedGain(_ ranked: [String], relevant: Set<String>, at k: Int) -> Double {
    guard !relevant.isEmpty else { return 0 }
    let gain = ranked.prefix(k).enumerated().reduce(0.0) {
      $0 + (relevant.contains($1.element) ? discount($1.offset + 1) : 0)
    }
    let ideal = (1...min(k, relevant.count)).reduce(0.0) { $0 + discount($1) }
    return gain / ideal
  }

  private static func discount(_ rank: Int) -> Double { 1 / Logarithm.base2(Double(rank + 1)) }
}

/// The means over all queries that `mixer evaluate` prints.
public struct MetricMeans: Sendable, Codable, Equatable {
  public let accuracyAt1: Double
  public let accuracyAt10: Double
  public let reciprocalRankAt10: Double
  public let gainAt10: Double
  public let recallAt10: Double
  public let recallAt100: Double
  /// How many a context of 128 could still put right.
  public let recallAt127: Double
  public let averagePrecisionAt100: Double

  enum CodingKeys: String, CodingKey {
    case accuracyAt1 = "accuracy@1"
    case accuracyAt10 = "accuracy@10"
    case reciprocalRankAt10 = "mrr@10"
    case gainAt10 = "ndcg@10"
    case recallAt10 = "recall@10"
    case recallAt100 = "recall@100"
    case recallAt127 = "recall@127"
    case averagePrecisionAt100 = "map@100"
  }

  public init(_ lists: [(ranked: [String], relevant: Set<String>)]) {
    func mean(_ measure: ([String], Set<String>) -> Double) -> Double {
      lists.isEmpty ? 0 : lists.reduce(0) { $0 + measure($1.ranked, $1.relevant) } / Double(lists.count)
    }
    accuracyAt1 = mean { RankingMetrics.accuracy($0, relevant: $1, at: 1) }
    accuracyAt10 = mean { RankingMetrics.accuracy($0, relevant: $1, at: 10) }
    reciprocalRankAt10 = mean { RankingMetrics.reciprocalRank($0, relevant: $1, at: 10) }
    gainAt10 = mean { RankingMetrics.normalizedGain($0, relevant: $1, at: 10) }
    recallAt10 = mean { RankingMetrics.recall($0, relevant: $1, at: 10) }
    recallAt100 = mean { RankingMetrics.recall($0, relevant: $1, at: 100) }
    recallAt127 = mean { RankingMetrics.recall($0, relevant: $1, at: 127) }
    averagePrecisionAt100 = mean { RankingMetrics.averagePrecision($0, relevant: $1, at: 100) }
  }
}
