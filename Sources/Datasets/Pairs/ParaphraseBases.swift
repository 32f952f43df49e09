/// What paraphrases are made of.
public enum ParaphraseSource: String, Sendable, CaseIterable {
  /// The queries of a split.
  case queries
  /// A random sentence of each story.
  case sentences
}

/// The texts that paraphrases of a dataset start from.
struct ParaphraseBases {
  /// The split that the pairs go into.
  let split: String
  /// Nil: sentences of the story.
  private let queriesByStory: [String: [String]]?

  /// - Parameters:
  ///   - source: nil: queries where the dataset has any.
  ///   - split: nil: `train`, or `all` where there is no such split.
  /// - Throws: ``DatasetError`` when the split is missing or malformed.
  init(_ dataset: Dataset, _ source: ParaphraseSource?, split: String?) throws {
    let names = dataset.splitNames
    let chosen = split ?? (names.contains("train") ? "train" : "all")
    let hasQueries = split != nil || names.contains(chosen)
    guard source == .queries || source == nil && hasQueries else {
      self.split = split ?? "all"
      queriesByStory = nil
      return
    }
    self.split = chosen
    var queries: [String: [String]] = [:]
    for query in try dataset.split(chosen) {
      for id in query.relevantIDs { queries[id, default: []].append(query.text) }
    }
    queriesByStory = queries
  }

  /// Whether they are queries, not sentences of the stories.
  var hasQueries: Bool { queriesByStory != nil }

  /// The story's queries, or nil where its sentences are meant.
  func texts(for storyID: String) -> [String]? { queriesByStory.map { $0[storyID] ?? [] } }
}
