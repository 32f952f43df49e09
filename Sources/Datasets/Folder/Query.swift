/// A sentence that somebody may look for a story with.
public struct QueryRecord: Sendable, Equatable {
  public var id: String
  public var text: String
  /// The text of a JSON object with its keys sorted, or nil.
  public var metadata: String?

  public init(id: String, text: String, metadata: String? = nil) {
    self.id = id
    self.text = text
    self.metadata = metadata
  }
}

/// One line of a judgement file: this story answers this query.
public struct Judgement: Sendable, Equatable {
  public var queryID: String
  public var storyID: String
  /// 1 in most datasets; 0 or less says that the story does not answer the query.
  public var score: Int

  public init(queryID: String, storyID: String, score: Int = 1) {
    self.queryID = queryID
    self.storyID = storyID
    self.score = score
  }
}

/// A query of a split with the stories that answer it.
public struct JudgedQuery: Sendable, Equatable {
  public var id: String
  public var text: String
  /// Never empty; in the order of the judgement file. Scores are positive.
  public var relevant: [Judgement]

  public init(id: String, text: String, relevant: [Judgement]) {
    self.id = id
    self.text = text
    self.relevant = relevant
  }

  public var relevantIDs: [String] { relevant.map(\.storyID) }
}
