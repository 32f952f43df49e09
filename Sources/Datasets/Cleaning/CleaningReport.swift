/// What cleaning did: counts, reasons and a few examples of each.
public struct CleaningReport: Sendable, Codable, Equatable {
  public struct Example: Sendable, Codable, Equatable {
    public var id: String
    /// `file:line`.
    public var source: String
    public var detail: String
    public var excerpt: String
  }

  public static let examplesPerReason = 3

  /// Stories read.
  public var read = 0
  public var kept = 0
  /// Kept stories whose text was changed.
  public var changed = 0
  /// Stories without an id whose text had been read before, merged while reading.
  public var duplicatesMerged = 0
  /// Rows that could not be read and were passed over.
  public var invalidSkipped = 0
  /// Kept stories by what was repaired in them.
  public var repairs: [TextCleaner.Repair: Int] = [:]
  public var dropped: [DropReason: Int] = [:]
  public var examples: [DropReason: [Example]] = [:]
  /// Queries carried over, and those whose every story was dropped.
  public var queriesKept = 0
  public var queriesDropped = 0
  /// After how many stories an interrupted run was gone on with.
  public var resumedAfter: Int?

  public init() {}

  mutating func count(_ reason: DropReason, _ story: StoryRecord, detail: String) {
    dropped[reason, default: 0] += 1
    if examples[reason, default: []].count < Self.examplesPerReason {
      examples[reason, default: []].append(
        Example(
          id: story.id, source: story.source.description, detail: detail,
          excerpt: String(story.text.prefix(80))))
    }
  }
}
