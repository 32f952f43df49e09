import Foundation

/// Where a finished run leaves its outcomes: `queries.jsonl`, `qrels/all.tsv` and `rejects.jsonl`.
///
/// Each file is replaced atomically and adding the same outcomes again changes nothing, so that a kill between two
/// of them is repaired by running again.
struct SummaryFiles {
  let dataset: Dataset

  init(_ dataset: Dataset) { self.dataset = dataset }

  static let split = "all"

  private var rejectsPath: String { dataset.layout.folder.appendingPathComponent("rejects.jsonl").path }

  /// The id of a story's summary.
  static func queryID(of storyID: String) -> String { "q-\(storyID)" }

  private struct Reject {
    var storyID: String
    var reason: String
    var answer: String
  }

  private func rejects() throws -> [Reject] {
    guard FileManager.default.fileExists(atPath: rejectsPath) else { return [] }
    var result: [Reject] = []
    try LineFile.forEachRow(rejectsPath) { row, _ in
      result.append(
        Reject(storyID: try row.text("_id"), reason: try row.text("reason"), answer: try row.text("answer")))
    }
    return result
  }

  /// The stories that answer a query, and those rejected.
  func finished(includingRejects: Bool) throws -> Set<String> {
    var ids: Set<String> = []
    for split in dataset.splitNames {
      ids.formUnion(try dataset.judgements(of: split).filter { $0.judgement.score > 0 }.map(\.judgement.storyID))
    }
    if includingRejects { ids.formUnion(try rejects().map(\.storyID)) }
    return ids
  }

  /// Adds the outcomes, by content hash, of the stories that had none.
  func add(_ outcomes: [String: SummaryOutcome], retriedRejects: Bool) throws {
    let finished = try finished(includingRejects: !retriedRejects)
    var queries = try dataset.queries()
    var known = Set(queries.map(\.id))
    var judgements =
      dataset.splitNames.contains(Self.split) ? try dataset.judgements(of: Self.split).map(\.judgement) : []
    let oldRejects = try rejects()
    var rejects: [Reject] = []
    var decided: Set<String> = []
    let reader = try dataset.stories()
    while let story = try reader.next() {
      guard !finished.contains(story.id),
        let outcome = outcomes[StoryIdentifier.contentHash(of: story.text)]
      else { continue }
      decided.insert(story.id)
      switch outcome {
      case .summary(let text):
        let query = QueryRecord(id: Self.queryID(of: story.id), text: text)
        if known.insert(query.id).inserted { queries.append(query) }
        judgements.append(Judgement(queryID: query.id, storyID: story.id))
      case .reject(let reason, let answer):
        rejects.append(Reject(storyID: story.id, reason: reason, answer: answer))
      }
    }
    try FileManager.default.createDirectory(at: dataset.layout.judgementsFolder, withIntermediateDirectories: true)
    try QueryFile.write(queries, to: dataset.layout.queries.path)
    try JudgementFile.write(judgements, to: dataset.layout.judgements(of: Self.split).path)
    try write(oldRejects.filter { !decided.contains($0.storyID) } + rejects)
  }

  private func write(_ rejects: [Reject]) throws {
    var file = try BufferedFile(URL(fileURLWithPath: rejectsPath))
    for reject in rejects {
      try file.write(
        "{\"_id\": \(JSONText.quoted(reject.storyID)), \"reason\": \(JSONText.quoted(reject.reason)), "
          + "\"answer\": \(JSONText.quoted(reject.answer))}\n")
    }
    try file.commit()
  }
}
