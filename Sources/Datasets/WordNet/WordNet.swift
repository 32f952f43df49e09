import Foundation
import Operations

/// Princeton's WordNet 3 from its database files, as Debian's wordnet-base installs them: `index.POS` (sorted by
/// lemma), `data.POS` (addressed by byte offset) and `POS.exc` (irregular forms). See wndb(5WN).
///
/// The files are memory-mapped and searched where they lie: opening costs next to nothing.
public struct WordNet: Sendable {
  public static let defaultFolder = "/usr/share/wordnet"

  public enum PartOfSpeech: String, Sendable, CaseIterable {
    case noun, verb
    case adjective = "adj"
    case adverb = "adv"
  }

  /// A lemma with its senses, the most frequent first.
  public struct Entry: Sendable, Hashable {
    public var lemma: String
    public var partOfSpeech: PartOfSpeech
    /// How many senses occur in the tagged corpus: tells which part of speech is the usual one.
    public var taggedSenses: Int
    public var synsets: [Int]
  }

  /// One synset's relation to another; see wninput(5WN) for the symbols.
  public struct Pointer: Sendable, Equatable {
    /// `@` more general, `~` more special, `&` similar, `^` see also, `$` of one group of verbs, `+` derived, ….
    public var symbol: String
    public var offset: Int
    public var partOfSpeech: PartOfSpeech
  }

  /// A set of synonyms.
  public struct Synset: Sendable, Equatable {
    /// Multi-word lemmas have spaces.
    public var words: [String]
    /// How it is related to others, in the order of the file.
    public var pointers: [Pointer]
    /// The definition, without the examples.
    public var gloss: String
  }

  private let indexes: [PartOfSpeech: SortedLines]
  private let data: [PartOfSpeech: Data]
  private let exceptions: [PartOfSpeech: SortedLines]
  /// The irregular forms of each lemma, the other way round.
  private let irregularForms: [PartOfSpeech: [String: [String]]]

  /// - Throws: ``DatasetError`` when a file is missing.
  public init(folder: String = WordNet.defaultFolder) throws {
    func map(_ name: String) throws -> Data {
      let path = (folder as NSString).appendingPathComponent(name)
      do {
        return try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped)
      } catch {
        throw DatasetError(
          Diagnosis(
            .notFound, "WordNet's file cannot be read", at: path,
            hint: "apt-get install wordnet-base, or name the folder of WordNet's database"))
      }
    }
    var (indexes, data, exceptions): ([PartOfSpeech: SortedLines], [PartOfSpeech: Data], [PartOfSpeech: SortedLines])
    (indexes, data, exceptions) = ([:], [:], [:])
    for part in PartOfSpeech.allCases {
      indexes[part] = SortedLines(try map("index.\(part.rawValue)"))
      data[part] = try map("data.\(part.rawValue)")
      exceptions[part] = SortedLines(try map("\(part.rawValue).exc"))
    }
    (self.indexes, self.data, self.exceptions) = (indexes, data, exceptions)
    irregularForms = exceptions.mapValues { lines in
      lines.all.reduce(into: [:]) { forms, line in
        let words = line.split(separator: " ").map(String.init)
        if words.count > 1 { forms[words[1], default: []].append(words[0]) }
      }
    }
  }

  /// The entry of a lemma in lower case, or nil. Complexity: O(log n).
  public func entry(_ lemma: String, _ part: PartOfSpeech) -> Entry? {
    // lemma pos synset_cnt p_cnt [ptr_symbol…] sense_cnt tagsense_cnt synset_offset…
    guard let line = indexes[part]?.line(beginningWith: lemma.replacingOccurrences(of: " ", with: "_")) else {
      return nil
    }
    let fields = line.split(separator: " ")
    guard fields.count > 4, let count = Int(fields[2]), let pointers = Int(fields[3]),
      pointers >= 0, count > 0, fields.count >= 6 + pointers + count, let tagged = Int(fields[5 + pointers])
    else { return nil }
    let offsets = fields[(6 + pointers)..<(6 + pointers + count)].compactMap { Int($0) }
    return Entry(lemma: lemma, partOfSpeech: part, taggedSenses: tagged, synsets: offsets)
  }

  /// The synset at an offset, or nil when there is none.
  public func synset(_ offset: Int, _ part: PartOfSpeech) -> Synset? {
    guard let data = data[part], offset >= 0, offset < data.count else { return nil }
    let end = data[offset...].firstIndex(of: UInt8(ascii: "\n")) ?? data.endIndex
    guard let line = Data(data[offset..<end]).validText else { return nil }
    return Synset(parsing: line, offset: offset)
  }

  /// The lines of a data file, the licence at its top included.
  func lines(of part: PartOfSpeech) -> [Data.SubSequence] {
    data[part]?.split(separator: UInt8(ascii: "\n")) ?? []
  }

  /// The irregular forms of a lemma (`took` and `taken` for `take`), in alphabetical order.
  func irregularForms(of lemma: String, _ part: PartOfSpeech) -> [String] {
    irregularForms[part]?[lemma] ?? []
  }

  /// The base form behind an irregular one, or nil.
  func exception(_ form: String, _ part: PartOfSpeech) -> String? {
    exceptions[part]?.line(beginningWith: form)?.split(separator: " ").dropFirst().first.map(String.init)
  }
}

extension WordNet.PartOfSpeech {
  /// The letter that the data files have: adjectives are heads (`a`) or satellites (`s`).
  init?(letter: Substring) {
    switch letter {
    case "n": self = .noun
    case "v": self = .verb
    case "a", "s": self = .adjective
    case "r": self = .adverb
    default: return nil
    }
  }
}

extension WordNet.Synset {
  /// Offsets of the more general synsets in the same file; a person or a place has the class it belongs to.
  public var hypernyms: [Int] { pointers(["@", "@i"]).map(\.offset) }

  func pointers(_ symbols: Set<String>) -> [WordNet.Pointer] { pointers.filter { symbols.contains($0.symbol) } }

  /// Reads `offset lex_filenum ss_type w_cnt word lex_id … p_cnt ptr … | gloss`; nil when it is something else.
  init?(parsing line: String, offset: Int) {
    let halves = line.split(separator: "|", maxSplits: 1)
    let fields = halves.first?.split(separator: " ") ?? []
    guard fields.count > 4, Int(fields[0]) == offset, let count = Int(fields[3], radix: 16), count > 0,
      fields.count > 4 + 2 * count, let pointers = Int(fields[4 + 2 * count]), pointers >= 0,
      fields.count >= 5 + 2 * count + 4 * pointers
    else { return nil }
    words = (0..<count).map { index in
      // Adjectives may carry a marker: “galore(ip)”.
      let word = fields[4 + 2 * index].prefix { $0 != "(" }
      return word.replacingOccurrences(of: "_", with: " ")
    }
    self.pointers = (0..<pointers).compactMap { index in
      let start = 5 + 2 * count + 4 * index
      guard let offset = Int(fields[start + 1]), let part = WordNet.PartOfSpeech(letter: fields[start + 2]) else {
        return nil
      }
      return WordNet.Pointer(symbol: String(fields[start]), offset: offset, partOfSpeech: part)
    }
    let definition = halves.count > 1 ? String(halves[1]) : ""
    gloss = (definition.components(separatedBy: "; \"").first ?? "").trimmed
  }
}
