import Foundation
import Operations

/// A dataset folder in the BEIR layout: stories, queries, and which story answers which query in each split.
///
/// Holds no stories: ``stories(options:)`` streams them.
public struct Dataset: Sendable {
  public let layout: DatasetLayout

  /// - Throws: ``DatasetError`` when the folder or its `corpus.jsonl` is missing.
  public init(_ path: String) throws {
    layout = DatasetLayout(path)
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw DatasetError(Diagnosis(.notFound, "no such dataset folder", at: path))
    }
    guard isFolder.boolValue, FileManager.default.fileExists(atPath: layout.corpus.path) else {
      throw DatasetError(
        Diagnosis(
          .badInput, "not a dataset folder", at: path, expected: "a folder with corpus.jsonl",
          hint: "mixer dataset import makes one"))
    }
  }

  /// The stories, one after another.
  public func stories(options: CorpusOptions = CorpusOptions()) throws -> CorpusReader {
    try CorpusReader(layout.corpus.path, options: options)
  }

  /// The ids of all stories.
  public func storyIDs() throws -> Set<String> {
    var ids: Set<String> = []
    try stories().forEach { ids.insert($0.id) }
    return ids
  }

  /// All queries in the order of the file; empty where there is no `queries.jsonl`.
  ///
  /// - Throws: ``DatasetError`` naming the line of a malformed row, of an empty query or of a repeated id.
  public func queries() throws -> [QueryRecord] {
    guard FileManager.default.fileExists(atPath: layout.queries.path) else { return [] }
    return try QueryFile.read(layout.queries.path)
  }

  /// The names of the splits, sorted.
  public var splitNames: [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: layout.judgementsFolder.path)) ?? []
    return names.filter { $0.hasSuffix(".tsv") && !$0.hasPrefix(".") }.map { String($0.dropLast(4)) }.sorted()
  }

  /// The judgements of a split as its file has them, those with a score of 0 or less too.
  public func judgements(of split: String) throws -> [(judgement: Judgement, source: SourceLocation)] {
    guard splitNames.contains(split) else {
      throw DatasetError(
        Diagnosis(
          .badInput, "no split “\(split.excerpt())”", at: layout.folder.path,
          expected: splitNames.isEmpty ? "files in qrels/" : splitNames.joined(separator: ", ")))
    }
    return try JudgementFile.read(layout.judgements(of: split).path)
  }

  /// The queries of a split that have at least one answer, in the order of the judgement file.
  ///
  /// - Parameter storyIDs: the ids that exist; nil reads them from the corpus.
  /// - Throws: ``DatasetError`` when the split does not exist (naming those that do), and naming file and line
  ///   of a judgement about a query or story that does not exist.
  public func split(_ name: String, storyIDs: Set<String>? = nil) throws -> [JudgedQuery] {
    let texts = Dictionary(uniqueKeysWithValues: try queries().map { ($0.id, $0.text) })
    var positions: [String: Int] = [:]
    var result: [JudgedQuery] = []
    for judgement in try checkedJudgements(of: name, texts: texts, storyIDs: storyIDs) where judgement.score > 0 {
      if let position = positions[judgement.queryID] {
        result[position].relevant.append(judgement)
      } else if let text = texts[judgement.queryID] {
        positions[judgement.queryID] = result.count
        result.append(JudgedQuery(id: judgement.queryID, text: text, relevant: [judgement]))
      }
    }
    guard !result.isEmpty else {
      throw DatasetError(
        Diagnosis(.badInput, "the split has no query with an answer", at: layout.judgements(of: name).path))
    }
    return result
  }

  /// The judgements of a split, each of which names a query and a story that exist.
  func checkedJudgements(
    of split: String, texts: [String: String]? = nil, storyIDs: Set<String>? = nil
  ) throws -> [Judgement] {
    let judgements = try judgements(of: split)
    let texts = try texts ?? Dictionary(uniqueKeysWithValues: queries().map { ($0.id, $0.text) })
    let stories = try storyIDs ?? self.storyIDs()
    for (judgement, source) in judgements {
      guard texts[judgement.queryID] != nil else {
        throw DatasetError(
          "the query does not exist", at: source, expected: "an id of queries.jsonl",
          found: "“\(judgement.queryID.excerpt())”")
      }
      guard stories.contains(judgement.storyID) else {
        throw DatasetError(
          "the story does not exist", at: source, expected: "an id of corpus.jsonl",
          found: "“\(judgement.storyID.excerpt())”")
      }
    }
    return judgements.map(\.judgement)
  }
}
