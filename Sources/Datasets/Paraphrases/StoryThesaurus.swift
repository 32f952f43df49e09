/// What else the commonest words of children's stories may be called: everyday words and descriptions (`bird`:
/// feathered creature), of which WordNet has few. Written for this project from general knowledge of English.
///
/// The tables hold a word a line with its alternatives, most of which mean the same; some are more general, and a few
/// name something close by.
enum StoryThesaurus {
  private typealias Table = [String: [String]]

  /// Nouns by what they name, for telling whether a name belongs to one.
  private static let beingTable = parse(beings)
  private static let tables: [WordNet.PartOfSpeech: Table] = [
    .noun: join([beings, places, things]), .verb: join([verbs, movements, living, phrases]),
    .adjective: parse(adjectives), .adverb: parse(others),
  ]

  /// Other expressions for a lemma in lower case; empty where none are known.
  static func alternatives(for lemma: String, _ part: WordNet.PartOfSpeech) -> [String] {
    tables[part]?[lemma] ?? []
  }

  /// Whether the lemma names a person, an animal or the like.
  static func isBeing(_ lemma: String) -> Bool { beingTable[lemma] != nil }

  /// Of a word that several texts have, what the first says.
  private static func join(_ texts: [String]) -> Table {
    texts.map(parse).reduce(into: [:]) { $0.merge($1) { first, _ in first } }
  }

  private static func parse(_ text: String) -> Table {
    let rows = text.split(separator: "\n").map { row in
      let halves = row.split(separator: ":", maxSplits: 1)
      return (
        String(halves[0]), (halves.last ?? "").split(separator: ",").map { String($0).trimmed }
      )
    }
    return Table(rows) { first, second in first + second }
  }
}
