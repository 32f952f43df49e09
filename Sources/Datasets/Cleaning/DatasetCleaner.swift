import Foundation
public import Operations

/// Cleans a dataset: every story is brought into one form, judged by itself, and compared with those before it.
/// The first of several (nearly) equal stories stays. Ids stay as they are; queries and judgements follow their
/// stories.
///
/// The output folder also gets `dropped.jsonl`, a row for every story left out:
/// `{"_id", "reason", "detail", "duplicate_of"?, "similarity"?, "excerpt"}`.
public struct DatasetCleaner: Sendable {
  public var cleaner = TextCleaner()
  public var filter = StoryFilter()
  /// The least Jaccard similarity of word triples that makes a near-duplicate; nil: they stay.
  public var nearDuplicateThreshold: Double? = 0.7
  public var corpus = CorpusOptions()

  public init() {}

  /// Cleans the dataset in `input`.
  ///
  /// - Parameters:
  ///   - output: a new folder, or nil for a dry run that only reports.
  ///   - progress: called with the bytes read and, where known, their total.
  /// - Throws: ``DatasetError``; nothing is then left of the output, unless it was interrupted: the same call goes on.
  public func clean(
    _ input: String, to output: String?, cancellation: Cancellation = Cancellation(),
    progress: (Int, Int?) -> Void = { _, _ in }
  ) throws -> CleaningReport {
    let dataset = try Dataset(input)
    guard let output else {
      var kept = KeptStories(duplicates: try duplicates(in: FileManager.default.temporaryDirectory))
      return try run(dataset, &kept, folder: nil, cancellation, progress)
    }
    let folder = try WorkFolder<CleaningReport>(output, identity: try identity(of: input))
    var kept = KeptStories(duplicates: try duplicates(in: folder.layout.folder))
    if folder.restored != nil { try kept.restore(from: folder.url(KeptStories.fileName)) }
    try folder.write([UInt8](), to: Self.dropFile)
    let report = try run(dataset, &kept, folder: folder, cancellation, progress)
    try DatasetSubset(dataset).writeQueries(to: folder.layout, keeping: Set(kept.ids))
    try folder.commit(removing: [KeptStories.fileName])
    return report
  }

  private static let dropFile = "dropped.jsonl"

  private func identity(of input: String) throws -> String? {
    var filter = filter
    // A function has no description of its own.
    filter.tokenCount = Words.approximateTokenCount
    let settings = "clean \(cleaner) \(filter) \(String(describing: nearDuplicateThreshold)) \(corpus)"
    return try WorkIdentity.of(settings, reading: [input] + [filter.tokenCountSource].compactMap { $0 })
  }

  private func duplicates(in folder: URL) throws -> NearDuplicateIndex? {
    try nearDuplicateThreshold.map { try NearDuplicateIndex(threshold: $0, temporaryFolder: folder) }
  }

  /// - Parameter folder: where the stories go; nil: nowhere.
  private func run(
    _ dataset: Dataset, _ kept: inout KeptStories, folder: WorkFolder<CleaningReport>?, _ cancellation: Cancellation,
    _ progress: (Int, Int?) -> Void
  ) throws -> CleaningReport {
    var report = folder?.restored?.state ?? CleaningReport()
    report.resumedAfter = folder?.restored?.stories
    var replay = try folder.map { try CleaningReplay($0.restored?.stories ?? 0, drops: $0.url(Self.dropFile)) }
    let reader = try dataset.stories(options: corpus)
    while let original = try reader.next() {
      if let folder {
        try folder.step(stories: report.read, state: report, cancellation)
      } else {
        try cancellation.check()
      }
      if let wasKept = replay?.next(original.id) {
        if wasKept { kept.remember(id: original.id) }
        continue
      }
      report.read += 1
      let (text, repairs) = cleaner.clean(original.text)
      var story = original
      story.text = text
      story.title = cleaner.clean(original.title).text
      switch try kept.judge(story, filter) {
      case .dropped(let drop):
        report.count(drop.reason, story, detail: drop.detail)
        try folder?.write(drop.line(for: story).utf8, to: Self.dropFile)
      case .kept(let record):
        report.kept += 1
        if !repairs.isEmpty { report.changed += 1 }
        for repair in repairs { report.repairs[repair, default: 0] += 1 }
        try folder?.write(CorpusWriter.line(story).utf8, to: "corpus.jsonl")
        try folder?.write(record, to: KeptStories.fileName)
      }
      progress(reader.counts.bytesRead, reader.totalBytes)
    }
    report.duplicatesMerged = reader.counts.duplicatesMerged
    report.invalidSkipped = reader.counts.invalidSkipped
    guard report.kept > 0 else {
      let reasons = report.dropped.sorted { $0.value > $1.value }.map { "\($0.value) \($0.key.rawValue)" }
      throw DatasetError(
        Diagnosis(
          .badInput, "cleaning would leave no story", at: dataset.layout.corpus.path,
          found: reasons.joined(separator: ", "), hint: "widen the bounds"))
    }
    (report.queriesKept, report.queriesDropped) = try DatasetSubset(dataset).countQueries(keeping: Set(kept.ids))
    return report
  }
}
