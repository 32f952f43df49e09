public import Foundation
import Operations

/// A ranking of stories for one query, best first.
public struct RankedQuery: Sendable, Equatable {
  public struct Entry: Sendable, Equatable {
    public var storyID: String
    public var score: Double

    public init(storyID: String, score: Double) {
      self.storyID = storyID
      self.score = score
    }
  }

  public var queryID: String
  public var entries: [Entry]

  public init(queryID: String, entries: [Entry]) {
    self.queryID = queryID
    self.entries = entries
  }
}

/// Rankings in TREC's format, `qid Q0 docid rank score tag`, so that any evaluator can check them (DESIGN §5).
public enum TRECRun {
  /// Reads a run as evaluators do: the rank column is ignored, stories are ordered by descending score, equal
  /// scores by id. Queries come in the order of the file.
  ///
  /// - Throws: ``DatasetError`` naming the line.
  public static func read(_ path: String) throws -> [RankedQuery] {
    var positions: [String: Int] = [:]
    var result: [RankedQuery] = []
    var seen: Set<[String]> = []
    try LineFile.forEach(path) { text, place in
      let columns = text.split(whereSeparator: { $0 == " " || $0 == "\t" }).map(String.init)
      guard columns.count == 6, columns[1] == "Q0", let score = Double(columns[4]), score.isFinite else {
        throw DatasetError(
          "malformed line of a run", at: place, expected: "qid Q0 docid rank score tag",
          found: "“\(text.excerpt())”")
      }
      guard seen.insert([columns[0], columns[2]]).inserted else {
        throw DatasetError("the story was ranked before for this query", at: place)
      }
      let position = positions[columns[0]] ?? result.count
      if position == result.count {
        positions[columns[0]] = position
        result.append(RankedQuery(queryID: columns[0], entries: []))
      }
      result[position].entries.append(.init(storyID: columns[2], score: score))
    }
    for index in result.indices {
      result[index].entries.sort { ($1.score, $0.storyID) < ($0.score, $1.storyID) }
    }
    return result
  }
}

/// Writes a run query by query; nothing is there under its name before ``commit()``.
public struct TRECRunWriter: ~Copyable {
  private var file: BufferedFile
  private let tag: String

  /// - Parameter tag: the name of the run; white space in it becomes `-`.
  /// - Throws: ``OperationError`` when the disk refuses.
  public init(_ url: URL, tag: String) throws {
    file = try BufferedFile(url)
    let clean = tag.split(whereSeparator: \.isWhitespace).joined(separator: "-")
    self.tag = clean.isEmpty ? "mixer" : clean
  }

  /// The scores to write for a ranking. Evaluators sort by score, many of them in single precision: where the
  /// native scores do not strictly decrease as `Float` (a tournament's do not across rounds), each entry gets
  /// the number of entries from it to the end instead.
  static func strictlyDecreasing(_ entries: [RankedQuery.Entry]) -> [Double] {
    let isStrict = zip(entries, entries.dropFirst()).allSatisfy { Float($0.score) > Float($1.score) }
    let isFinite = entries.allSatisfy { Float($0.score).isFinite }
    return isStrict && isFinite ? entries.map(\.score) : entries.indices.map { Double(entries.count - $0) }
  }

  /// - Precondition: the ids hold no white space, which every reader of this module makes sure of.
  public mutating func write(_ ranking: RankedQuery) throws {
    let scores = Self.strictlyDecreasing(ranking.entries)
    for (index, entry) in ranking.entries.enumerated() {
      try file.write("\(ranking.queryID) Q0 \(entry.storyID) \(index + 1) \(scores[index]) \(tag)\n")
    }
  }

  public mutating func commit() throws { try file.commit() }
}
