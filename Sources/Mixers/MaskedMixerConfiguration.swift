internal import Operations

/// What padded positions do.
public enum Padding: String, Codable, Sendable {
  /// The paper's: pads are ordinary tokens, embedded and mixed.
  case token
  /// Ours: padded positions contribute nothing to the mixing, so a text of n tokens is the last n rows of the window.
  case none
}

/// The shape of a masked mixer, as its `config.json` says it.
public struct MaskedMixerConfiguration: Codable, Sendable, Equatable {
  public var architectures: [String]
  public var vocabularySize: Int
  /// D: the width of a hidden state.
  public var hiddenSize: Int
  public var blockCount: Int
  /// L: the number of positions.
  public var contextLength: Int
  public var padTokenID: Int32
  public var padding: Padding
  /// Whether a text's last token is the tokenizer's end of text.
  public var appendsEndOfText: Bool
  /// Which hidden state is the embedding, counted from the end: always −2.
  public var embeddingPosition: Int

  enum CodingKeys: String, CodingKey {
    case architectures, padding
    case vocabularySize = "vocab_size"
    case hiddenSize = "hidden_size"
    case blockCount = "num_hidden_layers"
    case contextLength = "context_length"
    case padTokenID = "pad_token_id"
    case appendsEndOfText = "append_eos"
    case embeddingPosition = "embedding_position"
  }

  static let architecture = "MaskedMixer"

  public init(
    vocabularySize: Int, hiddenSize: Int, blockCount: Int, contextLength: Int, padTokenID: Int32 = 2,
    padding: Padding = .none, appendsEndOfText: Bool = true
  ) {
    architectures = [Self.architecture]
    self.vocabularySize = vocabularySize
    self.hiddenSize = hiddenSize
    self.blockCount = blockCount
    self.contextLength = contextLength
    self.padTokenID = padTokenID
    self.padding = padding
    self.appendsEndOfText = appendsEndOfText
    embeddingPosition = -2
  }

  /// Checks every value against what this module can compute; `location` is named in errors.
  ///
  /// - Throws: ``MixersError`` naming the key.
  public func validate(at location: String? = nil) throws {
    guard architectures == [Self.architecture] else {
      throw MixersError(
        .badInput, "the model is of another architecture", at: location, expected: "[\"\(Self.architecture)\"]",
        found: "\(architectures)".excerpt())
    }
    try Self.check("vocab_size", vocabularySize, in: 1...16_777_216, at: location)
    try Self.check("hidden_size", hiddenSize, in: 1...65_536, at: location)
    try Self.check("num_hidden_layers", blockCount, in: 1...1024, at: location)
    try Self.check("context_length", contextLength, in: 2...65_536, at: location)
    try Self.check("pad_token_id", Int(padTokenID), in: 0...vocabularySize - 1, at: location)
    try Self.check("embedding_position", embeddingPosition, in: -2 ... -2, at: location)
  }

  static func check(_ key: String, _ value: Int, in range: ClosedRange<Int>, at location: String?) throws {
    guard range.contains(value) else {
      let expected = range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
      throw MixersError(
        .badInput, "the configuration's \"\(key)\" is out of range", at: location, expected: expected, found: "\(value)"
      )
    }
  }

  /// The keys that a model's embeddings depend on, for its fingerprint.
  var fingerprintKeys: [String: String] {
    [
      "append_eos": "\(appendsEndOfText)", "context_length": "\(contextLength)", "hidden_size": "\(hiddenSize)",
      "num_hidden_layers": "\(blockCount)", "pad_token_id": "\(padTokenID)", "padding": padding.rawValue,
      "vocab_size": "\(vocabularySize)",
    ]
  }
}
