/// The words of a text: runs of letters and digits, an apostrophe inside counted in, in lower case.
///
/// Near-duplicate search, filters and statistics all count words this way.
enum Words {
  static func lowercased(_ text: String) -> [String] {
    var words: [String] = []
    var word: [UInt8] = []
    var endsInApostrophe = false
    func finish() {
      if endsInApostrophe { word.removeLast() }
      if !word.isEmpty { words.append(String(decoding: word, as: UTF8.self)) }
      word.removeAll(keepingCapacity: true)
      endsInApostrophe = false
    }
    for scalar in text.lowercased().unicodeScalars {
      if isWordScalar(scalar) {
        word.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        endsInApostrophe = false
      } else if scalar == "'" || scalar == "\u{2019}", !word.isEmpty, !endsInApostrophe {
        word.append(UInt8(ascii: "'"))
        endsInApostrophe = true
      } else {
        finish()
      }
    }
    finish()
    return words
  }

  static func isWordScalar(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    case 0..<0x80: false
    default: scalar.isLetter || scalar.properties.numericType != nil
    }
  }

  /// Words and punctuation marks: close to what a subword tokenizer trained on the same text gives for plain
  /// stories, for use where there is no tokenizer.
  static func approximateTokenCount(_ text: String) -> Int {
    var count = 0
    var isInWord = false
    for scalar in text.unicodeScalars {
      let isWord = isWordScalar(scalar)
      if isWord ? !isInWord : !scalar.isSpace { count += 1 }
      isInWord = isWord
    }
    return count
  }
}

/// The function words that make up half of any English text.
enum EnglishWords {
  static let functionWords: Set<String> = [
    "a", "about", "above", "after", "again", "against", "all", "almost", "along", "already", "also", "always", "am",
    "an", "and", "another", "any", "are", "around", "as", "at", "away", "back", "be", "because", "been", "before",
    "being", "below", "between", "both", "but", "by", "can", "could", "did", "do", "does", "doing", "done", "down",
    "during", "each", "either", "else", "enough", "even", "ever", "every", "few", "for", "from", "further", "get",
    "gets", "go", "goes", "got", "had", "has", "have", "having", "he", "her", "here", "hers", "herself", "him",
    "himself", "his", "how", "i", "if", "in", "instead", "into", "is", "it", "its", "itself", "just", "keep", "let",
    "like", "may", "me", "might", "more", "most", "much", "must", "my", "myself", "never", "next", "no", "nobody",
    "nor", "not", "nothing", "now", "of", "off", "often", "on", "once", "one", "only", "onto", "or", "other", "our",
    "ours", "out", "over", "own", "perhaps", "quite", "rather", "said", "same", "say", "says", "she", "should",
    "since", "so", "some", "somebody", "someone", "something", "soon", "still", "such", "than", "that", "the",
    "their", "them", "themselves", "then", "there", "these", "they", "this", "those", "though", "through", "till",
    "to", "together", "too", "toward", "towards", "two", "under", "until", "up", "upon", "us", "very", "was", "we",
    "well", "were", "what", "when", "where", "whether", "which", "while", "who", "whom", "whose", "why", "will",
    "with", "within", "without", "would", "yet", "you", "your", "yours",
  ]
}
