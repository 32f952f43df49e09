import Operations

/// Takes the names out of a sentence, as somebody would who does not know them: `Max the dog` becomes `a dog`, `a girl
/// named Lily` a girl, `Tim` a boy or a child, and `Lily, Ben and Sam` some kids.
struct NameReplacement {
  /// The lemma of a word as a noun, or nil.
  let nounLemma: (String) -> String?
  let isAdjective: (String) -> Bool

  private static let children = ["child", "kid", "youngster", "toddler", "little one", "youth"]
  private static let girls = ["girl", "lass", "young girl", "little girl", "girl"]
  private static let boys = ["lad", "boy", "young boy", "little boy", "lad"]
  private static let several = [
    "two friends", "some kids", "two children", "a pair of youngsters", "several youngsters", "two companions",
  ]
  /// - Parameter areNames: a flag for each token.
  func replace(_ tokens: [Token], areNames: [Bool], _ generator: inout SeededGenerator) -> [Token] {
    let phrases = Self.phrases(fitting: tokens)
    // The same name gets the same phrase, the second time with “the”.
    var chosen: [String: String] = [:]
    var result: [Token] = []
    var index = 0
    while index < tokens.count {
      guard areNames[index], case .word(let name, _) = tokens[index] else {
        result.append(tokens[index])
        index += 1
        continue
      }
      let run = Self.run(of: tokens, areNames, from: index)
      index = run.end
      if run.count > 1 {
        result.append(.word(Self.several[generator.uniform(below: Self.several.count)], isFixed: true))
      } else if let dropped = afterNaming(result) {
        result.removeLast(dropped)
      } else if let next = Self.apposition(tokens, at: index) {
        // The article that follows stays, as an indefinite one.
        result.append(.word("a", isFixed: false))
        index = next
      } else {
        let noun = chosen[name] ?? phrases[generator.uniform(below: phrases.count)]
        let place = beforeAdjectives(result)
        if place == 0, case .word(let first, let isFixed)? = result.first {
          result[0] = .word(first.lowercased(), isFixed: isFixed)
        }
        result.insert(.word(chosen[name] == nil ? "a" : "the", isFixed: true), at: place)
        result.append(.word(noun, isFixed: true))
        chosen[name] = noun
      }
    }
    return result
  }

  /// Pronouns tell a boy from a girl where all are of one kind.
  private static func phrases(fitting tokens: [Token]) -> [String] {
    let words = Set(tokens.compactMap(\.lowercasedWord))
    let isFemale = !words.isDisjoint(with: ["she", "her", "hers", "herself"])
    let isMale = !words.isDisjoint(with: ["he", "him", "his", "himself"])
    if isFemale == isMale { return children + girls.prefix(1) + boys.prefix(1) }
    return children + (isFemale ? girls : boys)
  }

  /// Where a run of names ends, and how many beings it names.
  private static func run(of tokens: [Token], _ areNames: [Bool], from start: Int) -> (end: Int, count: Int) {
    func isName(_ position: Int) -> Bool { position < areNames.count && areNames[position] }
    var (end, count) = (start + 1, 1)
    while true {
      if isName(end) {
        // “Mrs. Lily Brown” is one person.
        end += 1
      } else if end + 1 < tokens.count, tokens[end].isJoiner, isName(end + 1) {
        (end, count) = (end + 2, count + 1)
      } else if end + 2 < tokens.count, tokens[end].isJoiner, tokens[end + 1].isJoiner, isName(end + 2) {
        (end, count) = (end + 3, count + 1)
      } else {
        return (end, count)
      }
    }
  }

  /// Where the article of a noun at the end goes: “Curious Tim” is a curious boy.
  private func beforeAdjectives(_ tokens: [Token]) -> Int {
    var position = tokens.count
    while position > 0, case .word(let word, isFixed: false) = tokens[position - 1], isAdjective(word.lowercased()) {
      position -= 1
    }
    return position
  }

  /// How many of the last tokens go together with a name after them, or nil: `a girl named Lily` loses two words, `his
  /// dog Max` only the name.
  private func afterNaming(_ tokens: [Token]) -> Int? {
    guard let last = tokens.last?.lowercasedWord else { return nil }
    if tokens.count > 1, last == "named" || last == "called" { return 1 }
    if let lemma = nounLemma(last), StoryThesaurus.isBeing(lemma) { return 0 }
    return nil
  }

  /// Behind the article of an apposition (`Max the dog`, `Mimi, a chubby cat`), or nil.
  private static func apposition(_ tokens: [Token], at position: Int) -> Int? {
    func article(_ position: Int) -> Bool {
      position < tokens.count && ["the", "a", "an"].contains(tokens[position].lowercasedWord)
    }
    if article(position) { return position + 1 }
    let isComma = position < tokens.count && tokens[position] == .mark(",", isSpaced: false)
    return isComma && article(position + 1) ? position + 2 : nil
  }
}
