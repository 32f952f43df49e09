internal import Operations
internal import Tensors

/// Continues a text token by token (paper §3.7), with one new row a token; see ``IncrementalStates``.
public struct TextGeneration: ~Copyable {
  private var states: IncrementalStates
  private var pending: [Int32]
  private let plannedLength: Int
  private let endOfText: Int32?
  private let choice: TokenChoice
  private var generator: SeededGenerator
  private var isFinished = false
  /// The prompt and what followed.
  public private(set) var tokens: [Int32]

  /// - Parameters:
  ///   - prompt: at least one token.
  ///   - length: the planned length of the whole text, prompt and end included, at most L; the model closes the text
  ///     towards it.
  ///   - endOfText: where generation stops; nil goes on to the planned length.
  /// - Throws: ``MixersError`` for an empty prompt, one that leaves no room, or a token outside the vocabulary.
  public init(
    _ model: MaskedMixer, prompt: [Int32], length: Int? = nil, endOfText: Int32?, choice: TokenChoice = .greedy,
    seed: UInt64 = 0
  ) throws {
    let context = model.configuration.contextLength
    let length = length ?? context
    guard (2...context).contains(length) else {
      throw MixersError(
        .badInput, "the text cannot have that length", expected: "2 to \(context) tokens", found: "\(length)")
    }
    guard !prompt.isEmpty else {
      throw MixersError(.badInput, "the prompt is empty", expected: "at least one token to continue")
    }
    guard prompt.count < length else {
      throw MixersError(
        .badInput, "the prompt leaves no room to continue", expected: "fewer than \(length) tokens",
        found: "\(prompt.count)", hint: "plan a longer text")
    }
    let range = 0..<Int32(clamping: model.configuration.vocabularySize)
    if let stray = prompt.first(where: { !range.contains($0) }) {
      throw MixersError(
        .badInput, "a token is outside the model's vocabulary", expected: "0 to \(range.upperBound - 1)",
        found: "\(stray)")
    }
    states = IncrementalStates(model, plannedLength: length)
    pending = prompt
    tokens = prompt
    plannedLength = length
    self.endOfText = endOfText
    self.choice = choice
    generator = SeededGenerator(seed: seed)
  }

  /// The next token, or nil when the text has ended or reached its planned length. The end of text is not returned.
  public mutating func next() -> Int32? {
    guard !isFinished, tokens.count < plannedLength else { return nil }
    let logits = states.append(pending)
    let token = choice.token(logits, &generator)
    if token == endOfText {
      isFinished = true
      return nil
    }
    tokens.append(token)
    pending = [token]
    return token
  }
}
