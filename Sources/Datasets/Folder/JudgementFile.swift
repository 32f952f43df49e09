import Foundation
import Operations

/// The judgements of one split, `qrels/NAME.tsv`: `query-id⇥corpus-id⇥score` under a header line.
public enum JudgementFile {
  static let header = "query-id\tcorpus-id\tscore"

  /// Reads every line, those with a score of 0 or less too, with the place of each.
  ///
  /// - Throws: ``DatasetError`` naming file and line.
  public static func read(_ path: String) throws -> [(judgement: Judgement, source: SourceLocation)] {
    var result: [(Judgement, SourceLocation)] = []
    var seen: [[String]: Int] = [:]
    try LineFile.forEach(path) { text, place in
      let columns = text.split(separator: "\t", omittingEmptySubsequences: false).map(\.trimmed)
      if place.line == 1, columns.first == "query-id" { return }
      guard columns.count == 3 else {
        throw DatasetError(
          "malformed judgement", at: place, expected: "query-id, corpus-id and score between tabs",
          found: "“\(text.excerpt())”")
      }
      guard let score = Int(columns[2]) else {
        throw DatasetError(
          "malformed judgement", at: place, expected: "a whole number as score", found: columns[2].excerpt())
      }
      for id in columns.prefix(2) {
        if let reason = StoryIdentifier.fault(in: id) { throw DatasetError(reason, at: place) }
      }
      if let line = seen.updateValue(place.line, forKey: [columns[0], columns[1]]) {
        throw DatasetError("the pair was judged before", at: place, found: "the same pair in line \(line)")
      }
      result.append((Judgement(queryID: columns[0], storyID: columns[1], score: score), place))
    }
    return result
  }

  /// Writes the file atomically.
  ///
  /// - Throws: ``OperationError`` when the disk refuses.
  public static func write(_ judgements: some Sequence<Judgement>, to path: String) throws {
    var file = try BufferedFile(URL(fileURLWithPath: path))
    try file.write("\(header)\n")
    for judgement in judgements {
      try file.write("\(judgement.queryID)\t\(judgement.storyID)\t\(judgement.score)\n")
    }
    try file.commit()
  }
}
