/// Which words of a story are names: those written with a capital where no sentence begins, and never without one.
struct NameFinder: Sendable {
  private let names: Set<String>

  init(story: String) {
    var capitalized: Set<String> = []
    var lowercase: Set<String> = []
    for sentence in Sentences.split(story) {
      var isFirst = true
      for token in sentence.split(whereSeparator: { !$0.isLetter && $0 != "'" }) {
        let word = String(token.prefix { $0 != "'" })
        guard let initial = word.first else { continue }
        if initial.isUppercase {
          // After an opening quote inside a sentence a capital says nothing either, but such words seldom stay
          // without a lower-case twin in the story or in the list of function words.
          if !isFirst { capitalized.insert(word.lowercased()) }
        } else {
          lowercase.insert(word)
        }
        isFirst = false
      }
    }
    names = capitalized.subtracting(lowercase).subtracting(EnglishWords.functionWords)
  }

  /// - Parameter isFirst: whether the word begins a sentence, where a capital alone says nothing.
  func isName(_ word: String, isFirst: Bool) -> Bool {
    guard word.first?.isUppercase == true, word != "I" else { return false }
    return !isFirst || names.contains(word.lowercased())
  }
}
