public import Operations
public import Tokenization

/// How well a tokenizer fits a corpus.
public struct TokenizerInspection: Sendable, Encodable, Equatable {
  public var stories = 0
  public var characters = 0
  public var tokens = 0
  public var charactersPerToken: Double { tokens == 0 ? 0 : Double(characters) / Double(tokens) }
  public var tokensPerStory: Double { stories == 0 ? 0 : Double(tokens) / Double(stories) }
  public var unknownTokens = 0
  /// Tokens that stand for a single byte, where the vocabulary has no piece.
  public var byteTokens = 0
  /// Pieces of the vocabulary that came up.
  public var piecesUsed = 0
  /// Stories that are the same after encoding and decoding.
  public var roundTrips = 0
  /// The first story that is not.
  public var firstLoss: String?

  private enum CodingKeys: String, CodingKey {
    case stories, characters, tokens, charactersPerToken, tokensPerStory, unknownTokens, byteTokens, piecesUsed
    case roundTrips, firstLoss
  }

  /// Encodes and decodes every story.
  ///
  /// - Parameter progress: called with the bytes of the corpus read and their total.
  /// - Throws: ``DatasetError``, `TokenizerError`, or what `cancellation` throws.
  public init(
    of tokenizer: SentencePieceTokenizer, on dataset: Dataset, cancellation: Cancellation = Cancellation(),
    progress: (Int, Int?) -> Void = { _, _ in }
  ) throws {
    var isUsed = [Bool](repeating: false, count: tokenizer.vocabularySize)
    let isByte = (0..<tokenizer.vocabularySize).map { Self.isByte(tokenizer.piece(Int32($0))) }
    let reader = try dataset.stories()
    while let story = try reader.next() {
      try cancellation.check()
      let ids = try tokenizer.encode(story.text)
      stories += 1
      characters += story.text.unicodeScalars.count
      tokens += ids.count
      for id in ids {
        isUsed[Int(id)] = true
        if id == tokenizer.unknown { unknownTokens += 1 }
        if isByte[Int(id)] { byteTokens += 1 }
      }
      // Bytes, not characters: canonically equivalent texts compare equal as strings.
      if try tokenizer.decode(ids).utf8.elementsEqual(story.text.utf8) {
        roundTrips += 1
      } else if firstLoss == nil {
        firstLoss = story.source.description
      }
      progress(reader.counts.bytesRead, reader.totalBytes)
    }
    piecesUsed = isUsed.count { $0 }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(stories, forKey: .stories)
    try container.encode(characters, forKey: .characters)
    try container.encode(tokens, forKey: .tokens)
    try container.encode(charactersPerToken, forKey: .charactersPerToken)
    try container.encode(tokensPerStory, forKey: .tokensPerStory)
    try container.encode(unknownTokens, forKey: .unknownTokens)
    try container.encode(byteTokens, forKey: .byteTokens)
    try container.encode(piecesUsed, forKey: .piecesUsed)
    try container.encode(roundTrips, forKey: .roundTrips)
    try container.encodeIfPresent(firstLoss, forKey: .firstLoss)
  }

  /// SentencePiece writes its byte pieces `<0x00>` … `<0xFF>`.
  static func isByte(_ piece: String) -> Bool {
    piece.utf8.count == 6 && piece.hasPrefix("<0x") && piece.hasSuffix(">")
  }
}
