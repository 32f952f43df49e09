/// What `mixer evaluate` measured.
public struct EvaluationReport: Sendable, Codable, Equatable {
  /// The paper's task: the match among others drawn without replacement from the same split's stories.
  public struct Width: Sendable, Codable, Equatable {
    /// C − 1, or fewer where the split has fewer stories.
    public let candidates: Int
    /// How often the match came first.
    public let top1: Double
    /// Standard error of `top1` over queries.
    public let standardError: Double
    /// Seeded draws for each query.
    public let trials: Int

    enum CodingKeys: String, CodingKey {
      case candidates, top1, trials
      case standardError = "stderr"
    }
  }

  public let dataset: String
  public let split: String
  public let mode: String
  public let queries: Int
  /// Documents in the collection that was searched.
  public let corpus: Int
  public let seed: UInt64
  public let metrics: MetricMeans
  public let width: Width
}
