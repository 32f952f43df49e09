/// What a word most likely is, by its neighbours: just enough grammar to choose among WordNet's parts of speech.
enum WordRole {
  private static let determiners: Set<String> = [
    "a", "an", "the", "his", "her", "its", "their", "my", "your", "our", "this", "that", "these", "those", "some",
    "another", "every", "each", "no", "two", "three",
  ]
  private static let beforeNouns: Set<String> = determiners.union([
    "of", "in", "on", "at", "with", "from", "into", "by", "for",
    "about", "under", "over", "near", "behind", "through", "without", "between",
  ])
  private static let beforeVerbs: Set<String> = [
    "to", "who", "he", "she", "they", "it", "we", "i", "you", "will", "would", "can", "could", "should", "must",
    "might", "may", "not", "never",
  ]

  /// What follows a verb rather than a noun in the plural.
  private static let afterVerbs: Set<String> = [
    "a", "an", "the", "his", "her", "him", "it", "its", "their", "them", "to", "that", "how", "what", "why", "another",
    "some", "each", "up", "off", "away", "out", "down", "back", "into", "onto",
  ]

  static func isDeterminer(_ token: Token) -> Bool {
    token.lowercasedWord.map { determiners.contains($0) } ?? false
  }

  /// The parts of speech to look a word up as, between its neighbours.
  static func parts(of word: String, after previous: Token?, before next: Token?) -> [WordNet.PartOfSpeech] {
    if word.hasSuffix("ly") { return [.adverb, .adjective] }
    let follower = next?.lowercasedWord
    let precedesNoun = previous?.lowercasedWord.map { beforeNouns.contains($0) } ?? false
    // “the truck stops to …”, “then slides back”.
    if word.hasSuffix("s"), !word.hasSuffix("ss"), !precedesNoun, let follower, afterVerbs.contains(follower) {
      return [.verb]
    }
    // “a talking doll”: what it is like.
    if word.hasSuffix("ing"), precedesNoun, let follower, !EnglishWords.functionWords.contains(follower) {
      return [.adjective, .verb]
    }
    guard let lowercase = previous?.lowercasedWord else { return WordNet.PartOfSpeech.allCases }
    if beforeVerbs.contains(lowercase) { return [.verb, .adverb] }
    if beforeNouns.contains(lowercase) {
      // “a red ball”, but “the red, the ball”.
      if case .word(let after, _)? = next, !EnglishWords.functionWords.contains(after.lowercased()) {
        return [.adjective, .noun]
      }
      return [.noun]
    }
    // A verb without an ending follows only a plural.
    let canBeVerb = lowercase.hasSuffix("s") || ["s", "ed", "ing"].contains { word.hasSuffix($0) }
    return canBeVerb ? WordNet.PartOfSpeech.allCases : [.noun, .adjective, .adverb]
  }
}
