public import Datasets
internal import Foundation
public import Mixers
public import Operations
public import Tokenization

/// Reads and tokenizes the texts that models are trained on.
public struct StoryTokens {
  public let tokenizer: any Tokenizer
  public let configuration: MaskedMixerConfiguration
  private let cancellation: Cancellation?

  public init(
    tokenizer: any Tokenizer, configuration: MaskedMixerConfiguration, cancellation: Cancellation? = nil
  ) throws {
    guard tokenizer.vocabularySize <= configuration.vocabularySize else {
      throw TrainingError(
        .badInput, "the tokenizer has more tokens than the model", expected: "at most \(configuration.vocabularySize)",
        found: "\(tokenizer.vocabularySize)", hint: "is this the model's own tokenizer?")
    }
    self.tokenizer = tokenizer
    self.configuration = configuration
    self.cancellation = cancellation
  }

  /// A text as the model reads it; nil for one that is too short to learn from.
  public func window(_ text: String) throws -> TokenWindow? {
    let tokens = try tokenizer.encode(text)
    guard tokens.count + (configuration.appendsEndOfText ? 1 : 0) >= 2, !tokens.isEmpty else { return nil }
    return try TokenWindow(tokens, endOfText: tokenizer.endOfText, configuration: configuration)
  }

  /// The stories of a corpus, those that `isIncluded` by id.
  public func stories(
    _ corpus: CorpusReader, isIncluded: (String) -> Bool = { _ in true }
  ) throws -> (ids: [String], windows: [TokenWindow]) {
    var (ids, windows): ([String], [TokenWindow]) = ([], [])
    try corpus.forEach { story in
      try cancellation?.check()
      guard isIncluded(story.id), let window = try window(story.text) else { return }
      ids.append(story.id)
      windows.append(window)
    }
    return (ids, windows)
  }
}

/// A dataset folder or any other corpus, seen by its splits.
public struct TrainingData {
  public let path: String
  /// nil for a corpus without the layout of a dataset.
  public let dataset: Dataset?

  public init(_ path: String) {
    self.path = path
    dataset = try? Dataset(path)
  }

  public func has(_ split: String) -> Bool { dataset?.splitNames.contains(split) == true }

  public func corpus() throws -> CorpusReader { try dataset?.stories() ?? CorpusReader(path) }

  /// The ids of the stories that answer a query of the split.
  public func storyIDs(of split: String) throws -> Set<String> {
    guard let dataset else { return [] }
    return try Set(dataset.judgements(of: split).filter { $0.judgement.score > 0 }.map(\.judgement.storyID))
  }
}
