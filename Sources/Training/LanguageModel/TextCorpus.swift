public import Mixers

/// Tokenized texts to train a language model on, with the share of the training tokens that they shall make up.
public struct TextCorpus: Sendable {
  public let ids: [String]
  public let texts: [TokenWindow]
  /// Relative to the other corpora.
  public let weight: Double

  public init(ids: [String], texts: [TokenWindow], weight: Double = 1) {
    precondition(ids.count == texts.count && weight > 0)
    self.ids = ids
    self.texts = texts
    self.weight = weight
  }

  public var tokens: Int { texts.reduce(0) { $0 + $1.tokens.count } }
}
