import Foundation
import Operations

/// Reads stories one after another from whatever a corpus may be (DESIGN §5): a dataset folder, a JSON Lines or
/// CSV file, text with `<|endoftext|>` between stories, a folder of such files, or standard input (`-`).
///
/// Memory: one story, and about forty bytes for each story read so far, to find duplicates. A story without an
/// id gets ``StoryIdentifier/contentHash(of:)`` as its id; when its text was read before it is merged and counted.
///
/// Not thread-safe: one reader, one thread.
public final class CorpusReader {
  public struct Counts: Sendable, Equatable, Codable {
    /// Stories handed out.
    public var stories = 0
    /// Stories without an id whose text had been read before.
    public var duplicatesMerged = 0
    /// Rows passed over because of `skipInvalid`.
    public var invalidSkipped = 0
    public var bytesRead = 0
  }

  public private(set) var counts = Counts()
  /// The first few rows that were passed over, and why.
  public private(set) var skippedExamples: [String] = []
  /// The size of all files, or nil where standard input is among them: for progress.
  public let totalBytes: Int?

  private static let exampleLimit = 20
  private let paths: [String]
  private let options: CorpusOptions
  private var pending: ArraySlice<String>
  private var current: (rows: any StoryRows, source: ByteSource)?
  private var finishedBytes = 0
  private var duplicates = DuplicateGuard()

  /// - Throws: ``DatasetError`` when a path is missing or holds nothing to read.
  public convenience init(_ path: String, options: CorpusOptions = CorpusOptions()) throws {
    try self.init([path], options: options)
  }

  /// - Parameter paths: files and folders, read in this order as one corpus.
  /// - Throws: ``DatasetError`` when a path is missing or holds nothing to read.
  public init(_ paths: [String], options: CorpusOptions = CorpusOptions()) throws {
    self.options = options
    self.paths = paths
    let files = try paths.flatMap(CorpusFiles.resolve)
    pending = files[...]
    let sizes = files.map { file in
      (try? FileManager.default.attributesOfItem(atPath: file))?[.size] as? Int
    }
    totalBytes = sizes.contains(nil) ? nil : sizes.reduce(0) { $0 + ($1 ?? 0) }
  }

  /// The next story, or nil at the end.
  ///
  /// - Throws: ``DatasetError`` at a row that cannot be read (unless `skipInvalid`), at a given id that was
  ///   given before (naming both places), when a file cannot be read, and at the end of a corpus without a story.
  public func next() throws -> StoryRecord? {
    while true {
      guard let current = try current ?? openNext() else {
        if counts.stories == 0 { throw emptyCorpus() }
        return nil
      }
      guard let row = try current.rows.next() else {
        finishedBytes += current.source.bytesConsumed
        self.current = nil
        continue
      }
      counts.bytesRead = finishedBytes + current.source.bytesConsumed
      do throws(DatasetError) {
        if let story = try admit(row.get(), file: current.source.name) { return story }
      } catch {
        guard options.skipInvalid else { throw error }
        counts.invalidSkipped += 1
        if skippedExamples.count < Self.exampleLimit { skippedExamples.append(error.diagnosis.line) }
      }
    }
  }

  /// Calls `body` with every story that is left.
  public func forEach(_ body: (StoryRecord) throws -> Void) throws {
    while let story = try next() { try body(story) }
  }

  private func openNext() throws -> (rows: any StoryRows, source: ByteSource)? {
    guard let path = pending.popFirst() else { return nil }
    let opened = try StoryFormatDetection.open(path, options: options)
    duplicates.beginFile(opened.source.name)
    current = opened
    return opened
  }

  /// The story with its id, or nil when its text is already known.
  private func admit(_ raw: RawStory, file: String) throws(DatasetError) -> StoryRecord? {
    let hash = raw.id == nil ? StoryIdentifier.contentHashValue(of: raw.text) : nil
    let id = raw.id ?? StoryIdentifier.hexadecimal(hash ?? 0)
    let place = SourceLocation(file: file, line: raw.line)
    switch duplicates.admit(id: id, hash: hash, line: raw.line) {
    case .new:
      counts.stories += 1
      return StoryRecord(id: id, text: raw.text, title: raw.title, metadata: raw.metadata, source: place)
    case .sameText:
      counts.duplicatesMerged += 1
      return nil
    case .sameID(let first):
      throw DatasetError(
        Diagnosis(
          .badInput, "duplicate id “\(id.excerpt())”", at: place.description,
          found: "the same id in \(first)", hint: "ids must be unique in a corpus"))
    }
  }

  private func emptyCorpus() -> DatasetError {
    DatasetError(
      Diagnosis(
        .badInput, "the corpus holds no story", at: paths.joined(separator: ", "),
        found: counts.invalidSkipped > 0 ? "\(counts.invalidSkipped) invalid rows" : nil))
  }
}
