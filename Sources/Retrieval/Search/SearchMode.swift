internal import Operations

/// How candidates are found and ranked (DESIGN §4).
public enum SearchMode: String, Sendable, CaseIterable, Codable {
  /// What won on the development split, as the retriever's configuration records.
  case automatic = "auto"
  /// A first stage proposes C − 1 candidates, one context ranks them.
  case twoStage = "two-stage"
  /// Every document is read in contexts, round by round.
  case tournament
  /// Full text, by BM25.
  case bm25
  /// Cosine of the raw embeddings.
  case cosine
  /// Cosine after the retriever's learned projection.
  case projection
  /// Reciprocal-rank fusion of BM25 and the best dense first stage.
  case hybrid

  /// - Throws: ``RetrievalError`` naming the modes there are.
  public init(named name: String) throws {
    guard let mode = SearchMode(rawValue: name) else {
      throw RetrievalError(
        .badInput, "unknown mode", expected: Self.allCases.map(\.rawValue).joined(separator: ", "),
        found: "\"\(name.excerpt())\"")
    }
    self = mode
  }

  /// A first stage by its name.
  ///
  /// - Throws: ``RetrievalError`` naming the stages there are.
  public init(firstStage name: String) throws {
    let stages: [SearchMode] = [.bm25, .cosine, .projection, .hybrid]
    guard let stage = stages.first(where: { $0.rawValue == name }) else {
      throw RetrievalError(
        .badInput, "unknown first stage", expected: stages.map(\.rawValue).joined(separator: ", "),
        found: "\"\(name.excerpt())\"")
    }
    self = stage
  }

  /// Whether a query must be embedded for it.
  public var needsEmbedding: Bool { self != .bm25 }
}
