import Foundation
import Operations

/// What the workers of a run share: the stories still to do, the journal, and the counters.
actor SummarizationState {
  private let reader: CorpusReader
  private let journal: SummaryJournal
  private let finished: Set<String>
  private let progress: @Sendable (SummarizationReport) -> Void
  private var underWay: Set<String> = []
  private(set) var report = SummarizationReport()

  /// - Parameters:
  ///   - finished: ids of stories that need no summary.
  ///   - progress: called after each outcome.
  init(
    _ dataset: Dataset, journalSettings: [String: String], finished: Set<String>,
    progress: @escaping @Sendable (SummarizationReport) -> Void
  ) throws {
    reader = try dataset.stories()
    journal = try SummaryJournal(
      dataset.layout.folder.appendingPathComponent(SummaryJournal.fileName).path, settings: journalSettings)
    self.finished = finished
    self.progress = progress
    report.fromJournal = journal.recovered
    let counter = try dataset.stories()
    while let story = try counter.next() {
      report.stories += 1
      if finished.contains(story.id) { report.doneBefore += 1 }
    }
  }

  struct Task: Sendable {
    var hash: String
    var text: String
  }

  /// The next story to ask about, or nil when all are done or under way.
  func next() throws -> Task? {
    while let story = try reader.next() {
      if finished.contains(story.id) { continue }
      let hash = StoryIdentifier.contentHash(of: story.text)
      // Stories of the same text share an outcome.
      if journal.outcomes[hash] == nil, underWay.insert(hash).inserted { return Task(hash: hash, text: story.text) }
    }
    return nil
  }

  func record(_ outcome: SummaryOutcome, of task: Task, _ usage: StoryAsker.Usage) throws {
    try journal.record(outcome, of: task.hash)
    underWay.remove(task.hash)
    count(usage)
    switch outcome {
    case .summary: report.summaries += 1
    case .reject: report.rejects += 1
    }
    progress(report)
  }

  /// Counts what was spent without an outcome.
  func count(_ usage: StoryAsker.Usage) {
    report.requests += usage.requests
    report.retries += usage.retries
    report.reasks += usage.reasks
    report.promptTokens += usage.promptTokens
    report.completionTokens += usage.completionTokens
  }

  var outcomes: [String: SummaryOutcome] { journal.outcomes }

  func removeJournal() { journal.remove() }
}
