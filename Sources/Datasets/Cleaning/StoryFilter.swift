/// Why a story was left out of a cleaned dataset.
public enum DropReason: String, Sendable, CaseIterable, Codable, CodingKeyRepresentable {
  case tooShort = "too-short"
  case tooLong = "too-long"
  case cutOff = "cut-off"
  case otherLanguage = "other-language"
  case garbage
  case repetitive
  case exactDuplicate = "exact-duplicate"
  case nearDuplicate = "near-duplicate"

  /// What it means, for reports.
  public var explanation: String {
    switch self {
    case .tooShort: "fewer tokens than the lower bound"
    case .tooLong: "more tokens than the upper bound"
    case .cutOff: "does not end like a sentence"
    case .otherLanguage: "too few English function words"
    case .garbage: "replacement characters, or too few letters"
    case .repetitive: "says the same again and again"
    case .exactDuplicate: "the same text as an earlier story"
    case .nearDuplicate: "almost the same text as an earlier story"
    }
  }
}

/// Judges one story by itself: its length, its end, its language, and whether it is text at all.
public struct StoryFilter: Sendable {
  /// In tokens.
  public var minimumTokens = 40
  /// In tokens; nil: no bound.
  public var maximumTokens: Int?
  /// Leaves out stories that do not end in `.`, `!`, `?`, `…` or a closing quote or bracket.
  public var dropsCutOff = true
  /// The least share of English function words; 0 takes every language.
  public var minimumFunctionWords = 0.2
  /// The least share of letters among what is not white space.
  public var minimumLetters = 0.7
  /// The largest share of word triples that came before in the same story.
  public var maximumRepetition = 0.5
  /// How tokens are counted; by default words and punctuation marks.
  public var tokenCount: @Sendable (String) throws -> Int = Words.approximateTokenCount
  /// The file that ``tokenCount`` depends on, such as a tokenizer's model.
  public var tokenCountSource: String?

  public init() {}

  /// The reason to leave a story out and the figure that decided, or nil.
  public func reasonToDrop(_ text: String) throws -> (reason: DropReason, detail: String)? {
    let tokens = try tokenCount(text)
    if tokens < minimumTokens { return (.tooShort, "\(tokens) tokens") }
    if let maximumTokens, tokens > maximumTokens { return (.tooLong, "\(tokens) tokens") }
    if text.unicodeScalars.contains("\u{FFFD}") { return (.garbage, "replacement characters") }
    let letters = Self.letterShare(text)
    if letters < minimumLetters { return (.garbage, "\(percent(letters)) letters") }
    let words = Words.lowercased(text)
    let functionWords =
      Double(words.count { EnglishWords.functionWords.contains($0) }) / Double(max(words.count, 1))
    if functionWords < minimumFunctionWords {
      return (.otherLanguage, "\(percent(functionWords)) function words")
    }
    let repetition = Self.repetition(words)
    if repetition > maximumRepetition { return (.repetitive, "\(percent(repetition)) repeated") }
    if dropsCutOff, !Self.endsLikeASentence(text) { return (.cutOff, "ends in “\(text.suffix(20))”") }
    return nil
  }

  static func endsLikeASentence(_ text: String) -> Bool {
    text.unicodeScalars.last.map { ".!?…\"'”’»)]".unicodeScalars.contains($0) } ?? false
  }

  static func letterShare(_ text: String) -> Double {
    var letters = 0
    var all = 0
    for scalar in text.unicodeScalars where !scalar.isSpace {
      all += 1
      if scalar.isLetter { letters += 1 }
    }
    return all == 0 ? 0 : Double(letters) / Double(all)
  }

  static func repetition(_ words: [String]) -> Double {
    guard words.count > 30 else { return 0 }
    var seen: Set<UInt32> = []
    var repeated = 0
    let triples = Shingles.hashes(of: words, width: 3)
    for triple in triples where !seen.insert(triple).inserted { repeated += 1 }
    return Double(repeated) / Double(triples.count)
  }

  private func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }
}
