import Foundation
public import Operations

/// Brings stories from anywhere into a dataset folder: the first stage. Ids are those given, or content hashes.
public struct DatasetImporter: Sendable {
  public struct Report: Sendable, Codable, Equatable {
    public var stories = 0
    public var duplicatesMerged = 0
    public var invalidSkipped = 0
    /// The first rows that were passed over, and why.
    public var skippedExamples: [String] = []
    /// Queries carried over from a dataset folder.
    public var queries = 0
    /// After how many stories an interrupted run was gone on with.
    public var resumedAfter: Int?
  }

  public var options: CorpusOptions

  public init(options: CorpusOptions = CorpusOptions()) { self.options = options }

  /// Imports files, folders, or standard input (`-`) as one corpus. A single dataset folder keeps its queries and
  /// judgements. An interrupted run, but for standard input, is gone on with by the same call.
  ///
  /// - Parameters:
  ///   - output: a new folder.
  ///   - progress: called with the bytes read and, where known, their total.
  /// - Throws: ``DatasetError``; nothing is then left of the output, unless it was interrupted: the same call goes on.
  public func run(
    _ paths: [String], to output: String, cancellation: Cancellation = Cancellation(),
    progress: (Int, Int?) -> Void = { _, _ in }
  ) throws -> Report {
    let reader = try CorpusReader(paths, options: options)
    let identity = try WorkIdentity.of("import \(options)", reading: paths)
    let folder = try WorkFolder<Nothing>(output, identity: identity)
    let carried = try paths.count == 1 ? datasetWithQueries(paths[0]) : nil
    var ids: Set<String> = []
    let done = folder.restored?.stories ?? 0
    var stories = 0
    while let story = try reader.next() {
      try folder.step(stories: max(stories, done), state: Nothing(), cancellation)
      // What was written before is read again for its ids alone.
      if stories >= done { try folder.write(CorpusWriter.line(story).utf8, to: "corpus.jsonl") }
      stories += 1
      if carried != nil { ids.insert(story.id) }
      progress(reader.counts.bytesRead, reader.totalBytes)
    }
    var report = Report(
      stories: reader.counts.stories, duplicatesMerged: reader.counts.duplicatesMerged,
      invalidSkipped: reader.counts.invalidSkipped, skippedExamples: reader.skippedExamples,
      resumedAfter: folder.restored?.stories)
    if let carried {
      // Every judgement must name a query and a story that exist, unless stories were passed over.
      if !options.skipInvalid {
        for split in carried.splitNames { _ = try carried.checkedJudgements(of: split, storyIDs: ids) }
      }
      try DatasetSubset(carried).writeQueries(to: folder.layout, keeping: ids)
      report.queries = try DatasetSubset(carried).countQueries(keeping: ids).kept
    }
    try folder.commit()
    return report
  }

  /// All that matters is in the files.
  private struct Nothing: Codable {}

  private func datasetWithQueries(_ path: String) throws -> Dataset? {
    let layout = DatasetLayout(path)
    guard FileManager.default.fileExists(atPath: layout.corpus.path),
      FileManager.default.fileExists(atPath: layout.queries.path)
    else { return nil }
    return try Dataset(path)
  }
}
