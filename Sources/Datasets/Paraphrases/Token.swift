/// A word or a mark of a sentence that is being rewritten.
enum Token: Equatable {
  /// `isFixed`: not to be replaced any more.
  case word(String, isFixed: Bool)
  /// A punctuation mark, with whether white space stood before it.
  case mark(String, isSpaced: Bool)

  /// What stands between names in a row.
  var isJoiner: Bool {
    switch self {
    case .word(let word, _): word == "and" || word == "&"
    case .mark(let mark, _): mark == ","
    }
  }

  var lowercasedWord: String? {
    if case .word(let word, _) = self { return word.lowercased() }
    return nil
  }

  /// Words keep inner apostrophes and hyphens; a possessive `'s` is a mark of its own.
  static func split(_ text: String) -> [Token] {
    var tokens: [Token] = []
    for piece in text.split(whereSeparator: \.isWhitespace) {
      var rest = piece[...]
      var isFirst = true
      while let character = rest.first {
        let word = rest.prefix { $0.isLetter || $0.isNumber || "'’-".contains($0) }
        if character.isLetter || character.isNumber {
          let possessive = ["'s", "’s"].first { word.hasSuffix($0) }
          tokens.append(.word(String(word.dropLast(possessive?.count ?? 0)), isFixed: false))
          if let possessive { tokens.append(.mark(possessive, isSpaced: false)) }
          rest = rest.dropFirst(word.count)
        } else {
          tokens.append(.mark(String(character), isSpaced: isFirst))
          rest = rest.dropFirst()
        }
        isFirst = false
      }
    }
    return tokens
  }

  /// The sentence again, its first letter a capital, and `a` or `an` as the replaced word after it wants.
  static func join(_ tokens: [Token]) -> String {
    var text = ""
    var opensNext = true
    for (index, token) in tokens.enumerated() {
      switch token {
      case .word(var word, _):
        let lowercase = word.lowercased()
        if lowercase == "a" || lowercase == "an", index + 1 < tokens.count,
          case .word(let next, isFixed: true) = tokens[index + 1]
        {
          word = beginsWithVowelSound(next) ? "an" : "a"
        }
        text += opensNext ? word : " \(word)"
        opensNext = false
      case .mark(let mark, let isSpaced):
        text += isSpaced && !text.isEmpty ? " \(mark)" : mark
        opensNext = isSpaced
      }
    }
    return text.prefix(1).uppercased() + text.dropFirst()
  }

  private static func beginsWithVowelSound(_ word: String) -> Bool {
    if ["uni", "use", "usu", "one", "eu"].contains(where: word.hasPrefix) { return false }
    return ["a", "e", "i", "o", "u", "hour", "honest", "heir"].contains(where: word.hasPrefix)
  }
}
