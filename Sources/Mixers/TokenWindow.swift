internal import Operations

/// The tokens of one text as a masked mixer reads them: cut to the context, ended, not padded.
public struct TokenWindow: Sendable, Equatable {
  /// 2 to L tokens; they stand at the end of the window.
  public let tokens: [Int32]
  /// Whether the text had more tokens than the context.
  public let isTruncated: Bool

  /// Keeps the first L tokens, or L − 1 and then the end of text when the model appends it.
  ///
  /// - Parameter endOfText: the tokenizer's token; needed when the model appends it.
  /// - Throws: ``MixersError`` for fewer than two tokens (the end of text counted), which leave nothing to embed, and
  ///   for a token outside the model's vocabulary.
  public init(_ tokens: [Int32], endOfText: Int32?, configuration: MaskedMixerConfiguration) throws {
    var kept = tokens
    let room: Int
    if configuration.appendsEndOfText {
      guard let endOfText else {
        throw MixersError(.badInput, "the model ends texts with a token that its tokenizer does not have")
      }
      room = configuration.contextLength - 1
      kept = Array(tokens.prefix(room)) + [endOfText]
    } else {
      room = configuration.contextLength
      if tokens.count > room { kept = Array(tokens.prefix(room)) }
    }
    isTruncated = tokens.count > room
    guard !tokens.isEmpty, kept.count >= 2 else {
      throw MixersError(
        .badInput, "the text is too short to embed", expected: "at least two tokens",
        found: tokens.isEmpty ? "none" : "\(kept.count)")
    }
    let range = 0..<Int32(clamping: configuration.vocabularySize)
    if let stray = kept.first(where: { !range.contains($0) }) {
      throw MixersError(
        .badInput, "a token is outside the model's vocabulary", expected: "0 to \(configuration.vocabularySize - 1)",
        found: "\(stray)", hint: "is this the model's own tokenizer?")
    }
    self.tokens = kept
  }
}
