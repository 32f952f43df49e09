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
  /// - Throws: ``DatasetError``, or what `cancellation` throws; nothing is then left of the output.
  public func clean(
    _ input: String, to output: String?, cancellation: Cancellation = Cancellation(),
    progress: (Int, Int?) -> Void = { _, _ in }
  ) throws -> CleaningReport {
    let dataset = try Dataset(input)
    guard let output else {
      let temporary = FileManager.default.temporaryDirectory
      var sink = CleaningSink(duplicates: try duplicates(in: temporary))
      return try run(dataset, &sink, cancellation, progress, write: { _, _ in })
    }
    var folder = try DatasetFolderWriter(output)
    var sink = CleaningSink(duplicates: try duplicates(in: folder.layout.folder))
    var corpusFile = try CorpusWriter(folder.layout.corpus)
    var log = try BufferedFile(folder.layout.folder.appendingPathComponent("dropped.jsonl"))
    let report = try run(dataset, &sink, cancellation, progress) { story, drop in
      if let drop { try log.write(drop.line(for: story)) } else { try corpusFile.write(story) }
    }
    try corpusFile.commit()
    try log.commit()
    try DatasetSubset(dataset).writeQueries(to: folder.layout, keeping: sink.keptIDs)
    try folder.commit()
    return report
  }

  private func duplicates(in folder: URL) throws -> NearDuplicateIndex? {
    try nearDuplicateThreshold.map { try NearDuplicateIndex(threshold: $0, temporaryFolder: folder) }
  }

  private func run(
    _ dataset: Dataset, _ sink: inout CleaningSink, _ cancellation: Cancellation, _ progress: (Int, Int?) -> Void,
    write: (StoryRecord, CleaningDrop?) throws -> Void
  ) throws -> CleaningReport {
    var report = CleaningReport()
    let reader = try dataset.stories(options: corpus)
    while let original = try reader.next() {
      try cancellation.check()
      report.read += 1
      let (text, repairs) = cleaner.clean(original.text)
      var story = original
      story.text = text
      story.title = cleaner.clean(original.title).text
      if let drop = try sink.judge(story, filter) {
        report.count(drop.reason, story, detail: drop.detail)
        try write(story, drop)
      } else {
        report.kept += 1
        if !repairs.isEmpty { report.changed += 1 }
        for repair in repairs { report.repairs[repair, default: 0] += 1 }
        try write(story, nil)
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
    (report.queriesKept, report.queriesDropped) = try DatasetSubset(dataset).countQueries(keeping: sink.keptIDs)
    return report
  }
}

/// Why one story is dropped, as it goes into `dropped.jsonl`.
struct CleaningDrop {
  var reason: DropReason
  var detail: String
  var duplicateOf: String?
  var similarity: Double?

  func line(for story: StoryRecord) -> String {
    var fields = [
      "\"_id\": \(JSONText.quoted(story.id))", "\"reason\": \(JSONText.quoted(reason.rawValue))",
      "\"detail\": \(JSONText.quoted(detail))",
    ]
    if let duplicateOf { fields.append("\"duplicate_of\": \(JSONText.quoted(duplicateOf))") }
    if let similarity { fields.append("\"similarity\": \(similarity)") }
    fields.append("\"excerpt\": \(JSONText.quoted(String(story.text.prefix(80))))")
    return "{" + fields.joined(separator: ", ") + "}\n"
  }
}

/// What is known of the stories kept so far.
private struct CleaningSink {
  let duplicates: NearDuplicateIndex?
  var keptIDs: Set<String> = []
  private var keptNames: [String] = []
  /// Content hash → position among the kept.
  private var hashes: [UInt64: UInt32] = [:]

  init(duplicates: NearDuplicateIndex?) { self.duplicates = duplicates }

  /// Decides about a story; one that stays is remembered.
  mutating func judge(_ story: StoryRecord, _ filter: StoryFilter) throws -> CleaningDrop? {
    if let (reason, detail) = try filter.reasonToDrop(story.text) {
      return CleaningDrop(reason: reason, detail: detail)
    }
    let hash = StoryIdentifier.contentHashValue(of: story.text)
    if let earlier = hashes[hash] {
      let id = keptNames[Int(earlier)]
      return CleaningDrop(reason: .exactDuplicate, detail: "of \(id)", duplicateOf: id, similarity: 1)
    }
    if let duplicates {
      let entry = duplicates.entry(for: story.text)
      if let match = try duplicates.matches(of: entry).max(by: { $0.similarity < $1.similarity }) {
        let id = keptNames[match.index]
        return CleaningDrop(
          reason: .nearDuplicate, detail: "of \(id)", duplicateOf: id, similarity: match.similarity)
      }
      try duplicates.insert(entry)
    }
    hashes[hash] = UInt32(keptNames.count)
    keptNames.append(story.id)
    keptIDs.insert(story.id)
    return nil
  }
}
