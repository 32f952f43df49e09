/// What a word may be replaced by, and how likely: the thesaurus's expressions first, then what WordNet's relations
/// reach.
struct WordAlternatives {
  struct Choice: Equatable {
    var text: String
    var weight: Double
    /// A description rather than a lemma: it takes no ending.
    var isPhrase = false
  }

  let wordNet: WordNet

  /// What each relation weighs; its words share it.
  private enum Weight {
    static let thesaurus = 6.0
    /// Of each alternative relative to the one before it: the commonest come first.
    static let nextAlternative = 0.9
    /// Of WordNet's relations where the thesaurus knows the word.
    static let besideThesaurus = 0.3
    static let synonym = 3.0
    static let hypernym = 2.0
    static let secondHypernym = 1.0
    static let kind = 1.0
    static let similar = 2.0
    static let manner = 1.0
    static let gloss = 0.5
    /// Of a word that the tagged texts never use.
    static let rareWord = 0.2
    static let secondSense = 0.3
  }

  /// Words with more senses (make, take, run) seldom mean what their first synonym means.
  private static let mostSenses = 10

  /// Kinds of things that people name when they avoid the exact word: a bear is an animal, a coat is clothing.
  private static let kinds: Set<String> = [
    "animal", "bird", "insect", "fish", "reptile", "rodent", "feline", "canine", "fruit", "vegetable", "food",
    "plant", "flower", "tree", "vehicle", "garment", "clothing", "footwear", "headdress", "container", "building",
    "dwelling", "room", "furniture", "seat", "plaything", "toy", "tool", "device", "weapon", "jewelry", "meal", "dish",
    "beverage", "dessert", "sweet", "child", "relative", "worker", "leader", "expert", "weather", "sound", "gem",
    "covering", "fabric", "game", "body of water", "way", "time period", "feeling", "emotion",
  ]

  /// Says nothing about anything.
  private static let empty: Set<String> = [
    "entity", "physical entity", "abstraction", "abstract entity", "object", "physical object", "whole", "unit",
    "artifact", "artefact", "instrumentality", "instrumentation", "matter", "substance", "causal agent",
    "causal agency", "cause", "being", "organism", "state", "attribute", "property", "psychological feature", "group",
    "grouping", "event", "part", "act", "deed", "human action", "human activity", "be", "have", "do", "act", "move",
    "change", "alter", "modify", "make", "get", "interact", "connect", "transfer", "relation",
  ]

  /// All choices for an entry; empty where nothing is known.
  func choices(for entry: WordNet.Entry) -> [Choice] {
    let everyday = StoryThesaurus.alternatives(for: entry.lemma, entry.partOfSpeech)
    var choices = divided(Weight.thesaurus, among: Self.falling(everyday))
    if entry.synsets.count <= Self.mostSenses {
      // The first senses are the frequent ones; stories for children mostly mean the first.
      for (index, sense) in entry.synsets.prefix(entry.taggedSenses > 1 ? 2 : 1).enumerated() {
        guard let synset = wordNet.synset(sense, entry.partOfSpeech) else { continue }
        choices += related(to: synset, entry.partOfSpeech).map { choice in
          var choice = choice
          choice.weight *= (index == 0 ? 1 : Weight.secondSense) * (everyday.isEmpty ? 1 : Weight.besideThesaurus)
          return choice
        }
      }
    }
    return choices.filter { $0.text != entry.lemma }
  }

  private func related(to synset: WordNet.Synset, _ part: WordNet.PartOfSpeech) -> [Choice] {
    func words(_ symbols: Set<String>, of synset: WordNet.Synset) -> [String] {
      synset.pointers(symbols).compactMap { wordNet.synset($0.offset, $0.partOfSpeech) }.flatMap(\.words)
    }
    var choices = shared(Weight.synonym, synset.words, part)
    let general = synset.hypernyms.compactMap { wordNet.synset($0, part) }
    choices += shared(Weight.hypernym, general.flatMap(\.words), part)
    choices += shared(Weight.secondHypernym, general.flatMap { words(["@"], of: $0) }, part)
    switch part {
    case .noun:
      choices += shared(Weight.kind, kinds(of: synset), part)
      if let phrase = glossPhrase(synset.gloss) {
        choices.append(Choice(text: phrase, weight: Weight.gloss, isPhrase: true))
      }
    case .verb:
      // Ways of doing it: walk, stroll; and what belongs to the same group.
      choices += shared(Weight.manner, words(["~", "$"], of: synset), part)
    case .adjective:
      // Satellites of one head are near-synonyms of each other.
      choices += shared(Weight.similar, words(["&", "^"], of: synset), part)
    case .adverb: break
    }
    return choices
  }

  /// The words of the kinds that a noun belongs to, near or far.
  private func kinds(of synset: WordNet.Synset) -> [String] {
    var result: [String] = []
    var level = [synset]
    for _ in 0..<10 where !level.isEmpty {
      level = level.flatMap(\.hypernyms).compactMap { wordNet.synset($0, .noun) }
      for synset in level where synset.words.contains(where: Self.kinds.contains) { result += synset.words }
    }
    return result
  }

  /// The words of one relation, which share its weight; those without a tagged sense get less of it.
  private func shared(_ weight: Double, _ words: [String], _ part: WordNet.PartOfSpeech) -> [Choice] {
    let usable = words.filter { !Self.empty.contains($0) && !$0.contains { $0.isNumber || $0.isUppercase } }
    return divided(
      weight,
      among: usable.map { word in
        let isCommon = (wordNet.entry(word, part)?.taggedSenses ?? 0) > 0
        return Choice(text: word, weight: isCommon ? 1 : Weight.rareWord)
      })
  }

  private static func falling(_ words: [String]) -> [Choice] {
    var weight = 1.0
    return words.map { word in
      defer { weight *= Weight.nextAlternative }
      return Choice(text: word, weight: weight)
    }
  }

  /// Choices whose weights add up to `weight`, or to less where all of them are rare.
  private func divided(_ weight: Double, among choices: [Choice]) -> [Choice] {
    let total = max(1, choices.reduce(0) { $0 + $1.weight })
    return choices.map { Choice(text: $0.text, weight: $0.weight * weight / total) }
  }

  /// The first words of a noun's definition up to its first break, where that is short enough to stand in.
  private func glossPhrase(_ gloss: String) -> String? {
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
    return (1...4).contains(words.count) && !head.contains("term") ? words.joined(separator: " ") : nil
  }
}
