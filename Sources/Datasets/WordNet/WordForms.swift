/// Between inflected words and WordNet's lemmas: detachment as in morphy(7WN), and the regular way back.
enum WordForms {
  /// What was taken off a word.
  enum Inflection: String, Sendable {
    case none, plural, thirdPerson, past, progressive, comparative, superlative
  }

  struct BaseForm: Equatable {
    var lemma: String
    var inflection: Inflection
  }

  private static let rules: [WordNet.PartOfSpeech: [(suffix: String, ending: String, inflection: Inflection)]] = [
    .noun: [
      ("ches", "ch", .plural), ("shes", "sh", .plural), ("ses", "s", .plural), ("xes", "x", .plural),
      ("zes", "z", .plural), ("ies", "y", .plural), ("men", "man", .plural), ("s", "", .plural),
    ],
    .verb: [
      ("ies", "y", .thirdPerson), ("es", "e", .thirdPerson), ("es", "", .thirdPerson), ("s", "", .thirdPerson),
      ("ied", "y", .past), ("ed", "e", .past), ("ed", "", .past), ("ing", "e", .progressive),
      ("ing", "", .progressive),
    ],
    .adjective: [
      ("iest", "y", .superlative), ("est", "", .superlative), ("est", "e", .superlative),
      ("ier", "y", .comparative), ("er", "", .comparative), ("er", "e", .comparative),
    ],
    .adverb: [],
  ]

  private static let phraseOpeners: Set<String> = [
    "of", "with", "in", "on", "at", "for", "from", "to", "by", "that", "over", "under", "next",
  ]

  /// The lemma of a word in lower case as a given part of speech, or nil when WordNet has none.
  static func baseForm(_ word: String, _ part: WordNet.PartOfSpeech, in wordNet: WordNet) -> BaseForm? {
    if let lemma = wordNet.exception(word, part), lemma != word, wordNet.entry(lemma, part) != nil {
      return BaseForm(lemma: lemma, inflection: irregular(word, part))
    }
    if wordNet.entry(word, part) != nil { return BaseForm(lemma: word, inflection: .none) }
    for (suffix, ending, inflection) in rules[part, default: []] where word.hasSuffix(suffix) {
      var stem = String(word.dropLast(suffix.count))
      guard stem.count >= 2 else { continue }
      if wordNet.entry(stem + ending, part) != nil {
        return BaseForm(lemma: stem + ending, inflection: inflection)
      }
      // Doubled consonants: stopped, running, bigger.
      if ending.isEmpty, stem.count > 2, stem.last == stem.dropLast().last {
        stem.removeLast()
        if wordNet.entry(stem, part) != nil { return BaseForm(lemma: stem, inflection: inflection) }
      }
    }
    return nil
  }

  private static func irregular(_ word: String, _ part: WordNet.PartOfSpeech) -> Inflection {
    switch part {
    case .noun: .plural
    case .verb: word.hasSuffix("ing") ? .progressive : word.hasSuffix("s") ? .thirdPerson : .past
    case .adjective: word.hasSuffix("st") ? .superlative : .comparative
    case .adverb: .none
    }
  }

  /// Gives a lemma an ending: the irregular form that WordNet lists, or the regular one. Of several words the first
  /// (a verb's) or the last before a preposition is changed.
  static func inflect(
    _ lemma: String, _ inflection: Inflection, _ part: WordNet.PartOfSpeech, in wordNet: WordNet
  ) -> String {
    if inflection == .none { return lemma }
    var words = lemma.split(separator: " ").map(String.init)
    // “creatures with a shell”, not “creature with a shells”.
    let head = words.firstIndex { phraseOpeners.contains($0) }.flatMap { $0 > 0 ? $0 - 1 : nil }
    let position = part == .verb ? 0 : head ?? words.count - 1
    guard words.indices.contains(position) else { return lemma }
    words[position] = irregular(words[position], inflection, part, wordNet) ?? inflected(words[position], inflection)
    return words.joined(separator: " ")
  }

  private static func irregular(
    _ word: String, _ inflection: Inflection, _ part: WordNet.PartOfSpeech, _ wordNet: WordNet
  ) -> String? {
    if inflection == .thirdPerson { return word == "have" ? "has" : nil }
    let forms = wordNet.irregularForms(of: word, part)
    switch inflection {
    case .plural: return forms.first
    case .progressive: return forms.first { $0.hasSuffix("ing") }
    case .past:
      // Of “taken” and “took”, “gone” and “went” the participle is the one in -n or -ne; the past of a verb that has
      // only such a one (“shown”) is regular.
      return forms.first { form in !["ing", "s", "n", "ne"].contains { form.hasSuffix($0) } }
    case .comparative: return forms.first { $0.hasSuffix("r") }
    case .superlative: return forms.first { $0.hasSuffix("st") }
    case .none, .thirdPerson: return nil
    }
  }

  private static func inflected(_ word: String, _ inflection: Inflection) -> String {
    let endsInConsonantY = word.hasSuffix("y") && !(word.dropLast().last.map { "aeiou".contains($0) } ?? true)
    let isSibilant = ["s", "x", "z", "ch", "sh", "o"].contains { word.hasSuffix($0) }
    let withoutY = endsInConsonantY ? word.dropLast() + "i" : word[...]
    switch inflection {
    case .none: return word
    case .plural, .thirdPerson:
      return endsInConsonantY ? withoutY + "es" : word + (isSibilant ? "es" : "s")
    case .past: return word.hasSuffix("e") ? word + "d" : doubled(withoutY) + "ed"
    case .progressive:
      return word.hasSuffix("e") && !word.hasSuffix("ee") ? word.dropLast() + "ing" : doubled(word[...]) + "ing"
    case .comparative where isLong(word): return "more " + word
    case .superlative where isLong(word): return "most " + word
    case .comparative: return word.hasSuffix("e") ? word + "r" : withoutY + "er"
    case .superlative: return word.hasSuffix("e") ? word + "st" : withoutY + "est"
    }
  }

  /// Adjectives of two and more syllables have degrees of their own only when they end in -y, -le, -er or -ow.
  private static func isLong(_ word: String) -> Bool {
    let vowelRuns = word.split { !"aeiouy".contains($0) }.count - (word.hasSuffix("e") ? 1 : 0)
    return vowelRuns > 1 && !["y", "le", "er", "ow"].contains { word.hasSuffix($0) }
  }

  /// Words of one syllable that end in consonant, vowel, consonant double the last one: stop, stopped.
  private static func doubled(_ word: Substring) -> String {
    let letters = Array(word)
    let last = letters.count - 1
    guard last >= 2, "aeiou".contains(letters[last - 1]), !"aeiou".contains(letters[last - 2]),
      !"aeiouwxy".contains(letters[last]), letters.count(where: { "aeiou".contains($0) }) == 1
    else { return String(word) }
    return String(word) + String(letters[last])
  }
}
