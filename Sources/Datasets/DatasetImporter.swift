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
  }

  public var options: CorpusOptions

  public init(options: CorpusOptions = CorpusOptions()) { self.options = options }

  /// Imports files, folders, or standard input (`-`) as one corpus. A single dataset folder keeps its queries and
  /// judgements.
  ///
  /// - Parameters:
  ///   - output: a new folder.
  ///   - progress: called with the bytes read and, where known, their total.
  /// - Throws: ``DatasetError``, or what `cancellation` throws; nothing is then left of the output.
  public func run(
    _ paths: [String], to output: String, cancellation: Cancellation = Cancellation(),
    progress: (Int, Int?) -> Void = { _, _ in }
  ) throws -> Report {
    let reader = try CorpusReader(paths, options: options)
    var folder = try DatasetFolderWriter(output)
    var corpus = try CorpusWriter(folder.layout.corpus)
    let carried = try paths.count == 1 ? datasetWithQueries(paths[0]) : nil
    var ids: Set<String> = []
    while let story = try reader.next() {
      try cancellation.check()
      try corpus.write(story)
      if carried != nil { ids.insert(story.id) }
      progress(reader.counts.bytesRead, reader.totalBytes)
    }
    try corpus.commit()
    var report = Report(
      stories: reader.counts.stories, duplicatesMerged: reader.counts.duplicatesMerged,
      invalidSkipped: reader.counts.invalidSkipped, skippedExamples: reader.skippedExamples)
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

  private func datasetWithQueries(_ path: String) throws -> Dataset? {
    let layout = DatasetLayout(path)
    guard FileManager.default.fileExists(atPath: layout.corpus.path),
      FileManager.default.fileExists(atPath: layout.queries.path)
    else { return nil }
    return try Dataset(path)
  }
}
