/// How a story's summarization ended.
enum SummaryOutcome: Sendable, Equatable {
  case summary(String)
  /// Why no answer would do, and the last answer.
  case reject(reason: String, answer: String)
}

/// What a run of ``Summarizer`` did.
public struct SummarizationReport: Sendable, Codable, Equatable {
  /// Stories of the dataset.
  public var stories = 0
  /// Stories that had a query, or a reject, before the run.
  public var doneBefore = 0
  /// Outcomes found in the journal of an interrupted run.
  public var fromJournal = 0
  public var summaries = 0
  public var rejects = 0
  /// Requests sent, those that failed and were sent again, and questions asked again after an unfit answer.
  public var requests = 0
  public var retries = 0
  public var reasks = 0
  /// As the endpoint counts them.
  public var promptTokens = 0
  public var completionTokens = 0
  /// In the currency of the prices given; nil without prices.
  public var cost: Double?
  public var seconds = 0.0

  public init() {}
}
