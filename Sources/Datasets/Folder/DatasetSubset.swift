import Foundation

/// The queries and judgements of a dataset of which only some stories are kept.
struct DatasetSubset {
  let dataset: Dataset

  init(_ dataset: Dataset) { self.dataset = dataset }

  /// Queries with a judged story that stays, or without any judgement, stay.
  private func keptQueries(keeping stories: Set<String>) throws -> (kept: [QueryRecord], all: Int) {
    let queries = try dataset.queries()
    var judged: Set<String> = []
    var answered: Set<String> = []
    for split in dataset.splitNames {
      for (judgement, _) in try dataset.judgements(of: split) {
        judged.insert(judgement.queryID)
        if stories.contains(judgement.storyID) { answered.insert(judgement.queryID) }
      }
    }
    return (queries.filter { !judged.contains($0.id) || answered.contains($0.id) }, queries.count)
  }

  func countQueries(keeping stories: Set<String>) throws -> (kept: Int, dropped: Int) {
    let (kept, all) = try keptQueries(keeping: stories)
    return (kept.count, all - kept.count)
  }

  /// Writes `queries.jsonl` and every split into another folder.
  func writeQueries(to layout: DatasetLayout, keeping stories: Set<String>) throws {
    let (queries, all) = try keptQueries(keeping: stories)
    guard all > 0 else { return }
    try QueryFile.write(queries, to: layout.queries.path)
    let ids = Set(queries.map(\.id))
    for split in dataset.splitNames {
      let judgements = try dataset.judgements(of: split).map(\.judgement)
        .filter { stories.contains($0.storyID) && ids.contains($0.queryID) }
      try JudgementFile.write(judgements, to: layout.judgements(of: split).path)
    }
  }
}
