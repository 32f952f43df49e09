/// What a word most likely is, by its neighbours: just enough grammar to choose among WordNet's parts of speech.
enum WordRole {
  private static let beforeNouns: Set<String> = [
    "a", "an", "the", "his", "her", "its", "their", "my", "your", "our", "this", "that", "these", "those", "some",
    "another", "every", "each", "no", "two", "three", "of", "in", "on", "at", "with", "from", "into", "by", "for",
    "about", "under", "over", "near", "behind", "through", "without", "between",
  ]
  private static let beforeVerbs: Set<String> = [
    "to", "who", "he", "she", "they", "it", "we", "i", "you", "will", "would", "can", "could", "should", "must",
    "might", "may", "not", "never",
  ]

  /// The parts of speech to look a word up as, between its neighbours.
  static func parts(of word: String, after previous: Token?, before next: Token?) -> [WordNet.PartOfSpeech] {
    if word.hasSuffix("ly") { return [.adverb, .adjective] }
    guard case .word(let before, _)? = previous else { return WordNet.PartOfSpeech.allCases }
    let lowercase = before.lowercased()
    if beforeVerbs.contains(lowercase) { return [.verb, .adverb] }
    if beforeNouns.contains(lowercase) {
      // “a red ball”, but “the red, the ball”.
      if case .word(let after, _)? = next, !EnglishWords.functionWords.contains(after.lowercased()) {
        return [.adjective, .noun]
      }
      return [.noun]
    }
    return WordNet.PartOfSpeech.allCases
  }
}
