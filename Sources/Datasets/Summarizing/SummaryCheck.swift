/// Decides whether a model's answer is a summary: one sentence, of some length, about the story and not out of it.
public struct SummaryCheck: Sendable {
  /// In words.
  public var length = 4...60
  /// The most words in a row that may be the story's own.
  public var longestCopy = 12

  public init() {}

  /// Beginnings that speak about the answer instead of the story.
  private static let preambles = [
    "here is", "here's", "here are", "sure", "certainly", "of course", "okay", "ok,", "summary", "the summary",
    "a summary", "this is a summary", "in summary", "one-sentence summary", "a one-sentence summary", "as an ai",
    "i'm sorry", "i am sorry", "i cannot", "i can't", "the following", "the answer",
  ]

  /// The summary as it is to be kept, or what is wrong with it, worded so that the model can be told.
  func verdict(_ answer: ChatAnswer, story: String) -> Result<String, Rejection> {
    var text = TextCleaner().clean(answer.text).text
    for (open, close) in [("\"", "\""), ("“", "”"), ("'", "'"), ("**", "**")]
    where text.hasPrefix(open) && text.hasSuffix(close) && text.count > open.count + close.count {
      let inner = text.dropFirst(open.count).dropLast(close.count)
      if !inner.contains(open) { text = String(inner).trimmed }
    }
    if text.isEmpty { return .failure("The answer was empty.") }
    if !answer.isComplete { return .failure("The answer was too long and was cut off.") }
    if text.contains("\n") { return .failure("The answer had several lines.") }
    if text.unicodeScalars.contains("\u{FFFD}") { return .failure("The answer was garbled.") }
    let lowercase = text.lowercased()
    if let preamble = Self.preambles.first(where: { Self.begins(lowercase, with: $0) }) {
      return .failure(Rejection("The answer began with “\(preamble)”."))
    }
    if !StoryFilter.endsLikeASentence(text) { text += "." }
    let sentences = Sentences.split(text).count
    if sentences != 1 { return .failure(Rejection("The answer had \(sentences) sentences.")) }
    let words = Words.lowercased(text)
    if words.count < length.lowerBound { return .failure(Rejection("The answer had only \(words.count) words.")) }
    if words.count > length.upperBound { return .failure(Rejection("The answer had \(words.count) words.")) }
    let copied = Self.longestCommonRun(words, Words.lowercased(story))
    if copied > longestCopy || copied == words.count {
      return .failure(Rejection("The answer copied \(copied) words in a row from the story."))
    }
    return .success(text)
  }

  /// What was wrong with an answer.
  struct Rejection: Error, Equatable, ExpressibleByStringLiteral {
    var reason: String
    init(_ reason: String) { self.reason = reason }
    init(stringLiteral value: String) { reason = value }
  }

  private static func begins(_ text: String, with preamble: String) -> Bool {
    guard text.hasPrefix(preamble) else { return false }
    // “Surely …” and “Summary …” differ from “Sure, …”: the word must end there.
    return text.unicodeScalars.dropFirst(preamble.unicodeScalars.count).first.map { !Words.isWordScalar($0) } ?? true
  }

  /// The length of the longest run of words that both have. Complexity: O(n · m), n at most some sixty words.
  static func longestCommonRun(_ a: [String], _ b: [String]) -> Int {
    var best = 0
    var previous = [Int](repeating: 0, count: a.count + 1)
    for word in b {
      var current = [Int](repeating: 0, count: a.count + 1)
      for (index, other) in a.enumerated() where other == word {
        current[index + 1] = previous[index] + 1
        best = max(best, current[index + 1])
      }
      previous = current
    }
    return best
  }
}
