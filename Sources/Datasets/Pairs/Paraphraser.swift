import Operations

/// Rewrites a sentence so that it means about the same with other words: what a corpus's hard queries do.
///
/// Each content word becomes a synonym, a more general word, or the beginning of its definition; names become
/// `someone` or the like. The result is rough English: it is training text, not prose.
struct Paraphraser {
  let wordNet: WordNet
  private var usualEntries: [Question: UsualEntry] = [:]
  /// The probability that a content word is replaced.
  private static let strength = 0.8
  /// Words with more senses (make, take, run) seldom mean what their first synonym means.
  private static let mostSenses = 10
  private static let namePhrases = ["someone", "a youngster", "a kid", "a character"]
  private static let namesPhrases = ["two friends", "some kids", "several characters", "two youngsters"]

  init(wordNet: WordNet) { self.wordNet = wordNet }

  mutating func paraphrase(_ text: String, names: NameFinder, _ generator: inout SeededGenerator) -> String {
    var tokens = Token.split(text)
    tokens = withoutNames(tokens, areNames: nameFlags(tokens, names), &generator)
    var rewritten: [Token] = []
    for (index, token) in tokens.enumerated() {
      guard case .word(let word, let isFixed) = token, !isFixed else {
        rewritten.append(token)
        continue
      }
      let parts = WordRole.parts(
        of: word, after: index > 0 ? tokens[index - 1] : nil, before: index + 1 < tokens.count ? tokens[index + 1] : nil
      )
      rewritten.append(.word(replacement(for: word, as: parts, &generator) ?? word, isFixed: true))
    }
    return Token.join(rewritten)
  }

  private mutating func nameFlags(_ tokens: [Token], _ names: NameFinder) -> [Bool] {
    var flags: [Bool] = []
    for (position, token) in tokens.enumerated() {
      guard case .word(let word, _) = token else {
        flags.append(false)
        continue
      }
      // A first word that no dictionary has is a name, too.
      let lowercase = word.lowercased()
      let isUnknown =
        position == 0 && word.first?.isUppercase == true && !EnglishWords.functionWords.contains(lowercase)
        && usualEntry(lowercase, as: WordNet.PartOfSpeech.allCases) == nil
      flags.append(isUnknown || names.isName(word, isFirst: position == 0))
    }
    return flags
  }

  /// Puts a phrase in the place of each name, and one phrase for several in a row (`Lily, Ben and Sam`).
  private func withoutNames(
    _ tokens: [Token], areNames: [Bool], _ generator: inout SeededGenerator
  ) -> [Token] {
    var result: [Token] = []
    var index = 0
    func isName(_ position: Int) -> Bool { position < areNames.count && areNames[position] }
    while index < tokens.count {
      guard isName(index) else {
        result.append(tokens[index])
        index += 1
        continue
      }
      var end = index + 1
      var count = 1
      while true {
        if isName(end) {
          // “Mrs. Lily Brown” is one person.
          end += 1
        } else if end + 1 < tokens.count, tokens[end].isJoiner, isName(end + 1) {
          end += 2
          count += 1
        } else if end + 2 < tokens.count, tokens[end].isJoiner, tokens[end + 1].isJoiner, isName(end + 2) {
          end += 3
          count += 1
        } else {
          break
        }
      }
      let phrases = count > 1 ? Self.namesPhrases : Self.namePhrases
      result.append(.word(phrases[generator.uniform(below: phrases.count)], isFixed: true))
      index = end
    }
    return result
  }

  /// Another expression for a content word, with the same ending, or nil where none is known or the dice say so.
  private mutating func replacement(
    for word: String, as parts: [WordNet.PartOfSpeech], _ generator: inout SeededGenerator
  ) -> String? {
    let lowercase = word.lowercased()
    guard !EnglishWords.functionWords.contains(lowercase), lowercase.count > 2,
      generator.unitInterval() < Self.strength, let usual = usualEntry(lowercase, as: parts)
    else { return nil }
    let (base, entry) = (usual.base, usual.entry)
    guard entry.synsets.count <= Self.mostSenses else { return nil }
    // The first senses are the frequent ones; stories for children mostly mean the first.
    let sense = entry.synsets[0]
    guard let synset = wordNet.synset(sense, entry.partOfSpeech) else { return nil }
    let synonyms = synset.words.filter { $0.lowercased() != entry.lemma && $0.first?.isUppercase != true }
    let general = synset.hypernyms.first.flatMap { wordNet.synset($0, entry.partOfSpeech) }?.words.prefix(2) ?? []
    let gloss = glossPhrase(synset.gloss, entry.partOfSpeech)
    var choices: [[String]] = []
    if !synonyms.isEmpty { choices += [synonyms, synonyms] }
    if !general.isEmpty { choices.append(Array(general)) }
    if let gloss { choices.append([gloss]) }
    guard !choices.isEmpty else { return nil }
    let choice = choices[generator.uniform(below: choices.count)]
    let picked = choice[generator.uniform(below: choice.count)]
    if picked == gloss { return picked }
    return WordForms.inflect(picked, base.inflection, entry.partOfSpeech, in: wordNet)
  }

  private struct Question: Hashable {
    var word: String
    var parts: [WordNet.PartOfSpeech]
  }

  private struct UsualEntry {
    var base: WordForms.BaseForm
    var entry: WordNet.Entry
  }

  /// The lemma in the part of speech, of those given, in which it has most tagged senses.
  private mutating func usualEntry(_ word: String, as parts: [WordNet.PartOfSpeech]) -> UsualEntry? {
    let question = Question(word: word, parts: parts)
    if let known = usualEntries[question] { return known.entry.synsets.isEmpty ? nil : known }
    var best: UsualEntry?
    for part in parts {
      guard let base = WordForms.baseForm(word, part, in: wordNet), let entry = wordNet.entry(base.lemma, part),
        !entry.synsets.isEmpty
      else { continue }
      if best == nil || entry.taggedSenses > (best?.entry.taggedSenses ?? 0) {
        best = UsualEntry(base: base, entry: entry)
      }
    }
    // Without synsets: remembered as unknown.
    usualEntries[question] =
      best
      ?? UsualEntry(
        base: .init(lemma: word, inflection: .none),
        entry: .init(lemma: word, partOfSpeech: .noun, taggedSenses: 0, synsets: []))
    return best
  }

  /// The first words of a noun's definition up to its first break, where that is short enough to stand in.
  private func glossPhrase(_ gloss: String, _ part: WordNet.PartOfSpeech) -> String? {
    guard part == .noun else { return nil }
    var phrase = gloss
    if phrase.hasPrefix("("), let close = phrase.firstIndex(of: ")") {
      phrase = String(phrase[phrase.index(after: close)...]).trimmed
    }
    for article in ["a ", "an ", "the ", "any "] where phrase.hasPrefix(article) {
      phrase = String(phrase.dropFirst(article.count))
    }
    let head = phrase.prefix { !",;:(".contains($0) }
    let words = head.split(separator: " ")
    // “Informal terms for a mother” is about the word, not the thing.
    return (1...6).contains(words.count) && !head.contains("term") ? words.joined(separator: " ") : nil
  }
}
