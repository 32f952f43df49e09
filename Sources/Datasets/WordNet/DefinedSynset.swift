import Foundation

extension WordNet {
  /// A set of synonyms with all that its gloss says.
  struct DefinedSynset: Equatable {
    var offset: Int
    /// Multi-word lemmas have spaces.
    var words: [String]
    /// Without a leading remark in parentheses, `(botany)`.
    var definition: String
    /// Without their quotation marks.
    var examples: [String]
  }

  /// Calls `body` with every synset of a part of speech, in the order of the file.
  func forEachSynset(_ part: PartOfSpeech, _ body: (DefinedSynset) throws -> Void) throws {
    for line in lines(of: part) {
      guard let text = Data(line).validText, let synset = DefinedSynset(parsing: text) else { continue }
      try body(synset)
    }
  }
}

extension WordNet.DefinedSynset {
  /// Reads a line of a data file; nil for the licence at the top.
  init?(parsing line: String) {
    guard let offset = line.split(separator: " ", maxSplits: 1).first.flatMap({ Int($0) }),
      let synset = WordNet.Synset(parsing: line, offset: offset)
    else { return nil }
    self.offset = offset
    words = synset.words
    let gloss = line.split(separator: "|", maxSplits: 1).dropFirst().first.map { String($0).trimmed } ?? ""
    var parts = gloss.components(separatedBy: "; \"")
    definition = parts.removeFirst().trimmed
    if definition.hasPrefix("("), let end = definition.firstIndex(of: ")") {
      definition = String(definition[definition.index(after: end)...]).trimmed
    }
    examples = parts.map { part in
      var example = part.trimmed
      while let last = example.last, last == "\"" || last == ";" { example.removeLast() }
      return example.trimmed
    }.filter { !$0.isEmpty }
  }
}
