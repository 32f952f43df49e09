public import Operations

/// The answer to a search, as the command line and the server print it in JSON.
public struct SearchResponse: Sendable, Codable, Equatable {
  public struct Result: Sendable, Codable, Equatable {
    /// From 1.
    public let rank: Int
    public let id: String
    /// In the mode's own scale; higher is better within one answer's stage.
    public let score: Double
    public let text: String
    public let metadata: JSONValue
  }

  /// Milliseconds spent in each step.
  public struct Timings: Sendable, Codable, Equatable {
    public var tokenize = 0.0
    public var embed = 0.0
    public var candidates = 0.0
    public var score = 0.0
    public var total = 0.0
  }

  public let query: String
  /// The mode that ran: never `auto`.
  public let mode: String
  public let collection: String
  public let results: [Result]
  public var timings: Timings
  /// Present and true when the query was longer than the model's context and only its beginning was read.
  public let truncated: Bool?

  enum CodingKeys: String, CodingKey {
    case query, mode, collection, results, truncated
    case timings = "timings_ms"
  }
}
