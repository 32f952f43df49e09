import Operations

/// Rewrites a sentence so that it means about the same with other words: what a corpus's hard queries do.
///
/// Nearly every content word becomes an everyday synonym, a more general word or a description
/// (``WordAlternatives``); names go (``NameReplacement``). The result is rough English: it is training text, not prose.
struct Paraphraser {
  let wordNet: WordNet
  /// The probability that a content word is replaced, where a replacement is known.
  let strength: Double
  /// The probability that a word like `under` or `finally` is.
  private static let functionWordStrength = 0.4
  /// So many tagged senses it is worth that the thesaurus has a word in a part of speech.
  private static let everydayBonus = 5
  private let alternatives: WordAlternatives
  private var usualEntries: [Question: UsualEntry] = [:]
  private var choices: [WordNet.Entry: [WordAlternatives.Choice]] = [:]

  init(wordNet: WordNet, strength: Double = 0.95) {
    self.wordNet = wordNet
    self.strength = strength
    alternatives = WordAlternatives(wordNet: wordNet)
  }

  mutating func paraphrase(_ text: String, names: NameFinder, _ generator: inout SeededGenerator) -> String {
    var tokens = Token.split(text)
    let adjectives = Set(
      tokens.compactMap(\.lowercasedWord).filter {
        !EnglishWords.functionWords.contains($0)
          && usualEntry($0, as: WordNet.PartOfSpeech.allCases)?.entry.partOfSpeech == .adjective
      })
    let naming = NameReplacement(
      nounLemma: { [wordNet] in WordForms.baseForm($0, .noun, in: wordNet)?.lemma },
      isAdjective: { adjectives.contains($0) })
    tokens = naming.replace(tokens, areNames: nameFlags(tokens, names), &generator)
    var rewritten: [Token] = []
    var index = 0
    while index < tokens.count {
      if index + 1 < tokens.count, let compound = compound(tokens[index], tokens[index + 1], &generator) {
        rewritten.append(compound)
        index += 2
        continue
      }
      let token = tokens[index]
      if case .word(let word, isFixed: false) = token {
        let next = index + 1 < tokens.count ? tokens[index + 1] : nil
        let parts = WordRole.parts(of: word, after: index > 0 ? tokens[index - 1] : nil, before: next)
        let other = replacement(for: word.lowercased(), as: parts, &generator)
        // “Mommy” may do without an article, “parent” does not.
        let needsArticle =
          index > 0 && word.first?.isUppercase == true && parts.contains(.noun)
          && !WordRole.isDeterminer(tokens[index - 1])
        rewritten.append(
          other.map { .word(needsArticle ? "the \($0)" : $0, isFixed: true) } ?? .word(word, isFixed: false))
      } else {
        rewritten.append(token)
      }
      index += 1
    }
    return Token.join(rewritten)
  }

  private mutating func nameFlags(_ tokens: [Token], _ names: NameFinder) -> [Bool] {
    var flags: [Bool] = []
    for (position, token) in tokens.enumerated() {
      guard case .word(let word, _) = token, word.first?.isUppercase == true else {
        flags.append(false)
        continue
      }
      let lowercase = word.lowercased()
      // “Mommy” and “Fireman” say what somebody is.
      if let lemma = WordForms.baseForm(lowercase, .noun, in: wordNet)?.lemma, StoryThesaurus.isBeing(lemma) {
        flags.append(false)
        continue
      }
      // A first word that no dictionary has is a name, too.
      let isUnknown =
        position == 0 && !EnglishWords.functionWords.contains(lowercase)
        && usualEntry(lowercase, as: WordNet.PartOfSpeech.allCases) == nil
      flags.append(isUnknown || names.isName(word, isFirst: position == 0))
    }
    return flags
  }

  /// Another expression for two words that mean one thing, such as `teddy bear` or `looks for`.
  private mutating func compound(_ first: Token, _ second: Token, _ generator: inout SeededGenerator) -> Token? {
    guard case .word(let first, isFixed: false) = first, case .word(let second, isFixed: false) = second else {
      return nil
    }
    let (head, follower) = (first.lowercased(), second.lowercased())
    guard !EnglishWords.functionWords.contains(head) else { return nil }
    // “looks for”
    if let verb = WordForms.baseForm(head, .verb, in: wordNet) {
      let others = StoryThesaurus.alternatives(for: "\(verb.lemma) \(follower)", .verb)
      if !others.isEmpty {
        guard generator.unitInterval() < strength else { return nil }
        let other = others[generator.uniform(below: others.count)]
        return .word(WordForms.inflect(other, verb.inflection, .verb, in: wordNet), isFixed: true)
      }
    }
    guard !EnglishWords.functionWords.contains(follower) else { return nil }
    return replacement(for: "\(head) \(follower)", as: [.noun], &generator).map { .word($0, isFixed: true) }
  }

  /// Another expression for a word in lower case, with the same ending, or nil where none is known or the dice say so.
  private mutating func replacement(
    for word: String, as parts: [WordNet.PartOfSpeech], _ generator: inout SeededGenerator
  ) -> String? {
    let others = StoryThesaurus.alternatives(for: word, .adverb)
    if !others.isEmpty, !parts.contains(.noun) || parts.count > 1 {
      let isFunctionWord = EnglishWords.functionWords.contains(word)
      guard generator.unitInterval() < (isFunctionWord ? Self.functionWordStrength : strength) else { return nil }
      return others[generator.uniform(below: others.count)]
    }
    guard !EnglishWords.functionWords.contains(word), word.count > 2,
      let usual = usualEntry(word, as: parts) ?? usualEntry(word, as: [.verb])
    else { return nil }
    // A noun before a noun (“country girl”) is no country; what the thesaurus says of it mostly holds even so.
    let isModifier =
      parts == [.adjective, .noun] && usual.entry.partOfSpeech == .noun
      && StoryThesaurus.alternatives(for: usual.entry.lemma, .noun).isEmpty
    let choices = isModifier ? [] : choices(for: usual.entry)
    guard !choices.isEmpty, generator.unitInterval() < strength else { return nil }
    let choice = Self.pick(choices, &generator)
    if choice.isPhrase { return choice.text }
    return WordForms.inflect(choice.text, usual.base.inflection, usual.entry.partOfSpeech, in: wordNet)
  }

  private static func pick(
    _ choices: [WordAlternatives.Choice], _ generator: inout SeededGenerator
  ) -> WordAlternatives.Choice {
    var rest = generator.unitInterval() * choices.reduce(0) { $0 + $1.weight }
    for choice in choices {
      rest -= choice.weight
      if rest < 0 { return choice }
    }
    return choices[choices.count - 1]
  }

  private mutating func choices(for entry: WordNet.Entry) -> [WordAlternatives.Choice] {
    if let known = choices[entry] { return known }
    let found = alternatives.choices(for: entry)
    choices[entry] = found
    return found
  }

  private struct Question: Hashable {
    var word: String
    var parts: [WordNet.PartOfSpeech]
  }

  private struct UsualEntry {
    var base: WordForms.BaseForm
    var entry: WordNet.Entry
  }

  /// The lemma in the part of speech, of those given, in which it has most tagged senses, or which the thesaurus has.
  private mutating func usualEntry(_ word: String, as parts: [WordNet.PartOfSpeech]) -> UsualEntry? {
    let question = Question(word: word, parts: parts)
    if let known = usualEntries[question] { return known.entry.synsets.isEmpty ? nil : known }
    var (best, bestScore): (UsualEntry?, Int) = (nil, -1)
    for part in parts {
      guard let base = WordForms.baseForm(word, part, in: wordNet), let entry = wordNet.entry(base.lemma, part),
        !entry.synsets.isEmpty
      else { continue }
      let isEveryday = !StoryThesaurus.alternatives(for: entry.lemma, part).isEmpty
      let score = entry.taggedSenses + (isEveryday ? Self.everydayBonus : 0)
      if score > bestScore { (best, bestScore) = (UsualEntry(base: base, entry: entry), score) }
    }
    // Without synsets: remembered as unknown.
    usualEntries[question] =
      best
      ?? UsualEntry(
        base: .init(lemma: word, inflection: .none),
        entry: .init(lemma: word, partOfSpeech: .noun, taggedSenses: 0, synsets: []))
    return best
  }
}
