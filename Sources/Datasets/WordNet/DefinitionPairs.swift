import Foundation
public import Operations

/// Writes WordNet as a dataset of pairs, so that an embedder learns what words mean that its stories never use: the
/// query names a set of synonyms, with its first example sentence where there is one, and the "story" is the definition.
///
/// Left out are names (any word with a capital letter or a digit), and of the rest what WordNet gives neither an
/// example nor an occurrence in its tagged texts: mostly the names of species and chemicals.
public struct DefinitionPairs: Sendable {
  public struct Report: Sendable, Codable, Equatable {
    public var pairs = 0
    public var leftOut = 0
  }

  public init() {}

  /// Makes the dataset, all of it in the split `train`. Ids are those of the synsets: `dn02121808` and `wn02121808`.
  ///
  /// - Parameter output: a new folder.
  /// - Throws: ``DatasetError``; nothing is then left of the output.
  public func write(_ wordNet: WordNet, to output: String, cancellation: Cancellation = Cancellation()) throws -> Report
  {
    var folder = try DatasetFolderWriter(output)
    var stories = try CorpusWriter(folder.layout.corpus)
    var queries = try AtomicFile(folder.layout.queries)
    var judgements = try AtomicFile(folder.layout.judgements(of: "train"))
    try judgements.write(JudgementFile.header + "\n")
    var report = Report()
    for part in WordNet.PartOfSpeech.allCases {
      try wordNet.forEachSynset(part) { synset in
        try cancellation.check()
        guard isUseful(synset, part, wordNet) else {
          report.leftOut += 1
          return
        }
        let number = String(format: "%@%08d", part == .adverb ? "r" : String(part.rawValue.prefix(1)), synset.offset)
        let place = SourceLocation(file: "data.\(part.rawValue)", line: report.pairs + report.leftOut + 1)
        try stories.write(StoryRecord(id: "d\(number)", text: synset.definition, source: place))
        let example = synset.examples.first.map { ": \($0)" } ?? ""
        let query = QueryRecord(id: "w\(number)", text: synset.words.joined(separator: ", ") + example)
        try queries.write(QueryFile.line(query))
        try judgements.write("w\(number)\td\(number)\t1\n")
        report.pairs += 1
      }
    }
    try stories.commit()
    try queries.commit()
    try judgements.commit()
    try folder.commit()
    return report
  }

  private func isUseful(_ synset: WordNet.DefinedSynset, _ part: WordNet.PartOfSpeech, _ wordNet: WordNet) -> Bool {
    guard !synset.definition.isEmpty, synset.words[0].count > 1 else { return false }
    if synset.words.contains(where: { $0.first?.isUppercase == true || $0.contains(where: \.isNumber) }) {
      return false
    }
    return !synset.examples.isEmpty
      || synset.words.contains { (wordNet.entry($0.lowercased(), part)?.taggedSenses ?? 0) > 0 }
  }
}
