import Foundation

/// What is known of the stories kept so far: their ids, their content hashes, and what finds near-duplicates.
///
/// Memory: about 100 bytes a story, and what ``NearDuplicateIndex`` needs.
struct KeptStories {
  enum Verdict {
    case dropped(CleaningDrop)
    /// With what ``restore(from:)`` needs of the story.
    case kept(record: [UInt8])
  }

  /// The file of the records, for going on after an interruption.
  static let fileName = ".kept"

  private let duplicates: NearDuplicateIndex?
  /// In their order.
  private(set) var ids: [String] = []
  /// Content hash → position among the kept.
  private var hashes: [UInt64: UInt32] = [:]

  init(duplicates: NearDuplicateIndex?) { self.duplicates = duplicates }

  /// Decides about a story; one that stays is remembered.
  mutating func judge(_ story: StoryRecord, _ filter: StoryFilter) throws -> Verdict {
    if let (reason, detail) = try filter.reasonToDrop(story.text) {
      return .dropped(CleaningDrop(reason: reason, detail: detail))
    }
    let hash = StoryIdentifier.contentHashValue(of: story.text)
    if let earlier = hashes[hash] {
      let id = ids[Int(earlier)]
      return .dropped(CleaningDrop(reason: .exactDuplicate, detail: "of \(id)", duplicateOf: id, similarity: 1))
    }
    var values: [UInt32] = []
    if let duplicates {
      let entry = duplicates.entry(for: story.text)
      if let match = try duplicates.matches(of: entry).max(by: { $0.similarity < $1.similarity }) {
        let id = ids[match.index]
        return .dropped(
          CleaningDrop(reason: .nearDuplicate, detail: "of \(id)", duplicateOf: id, similarity: match.similarity))
      }
      try duplicates.insert(entry)
      values = entry.keys + entry.shingles.hashes
    }
    hashes[hash] = UInt32(ids.count)
    remember(id: story.id)
    return .kept(record: Self.record(hash, values))
  }

  /// Takes note of a kept story's id.
  mutating func remember(id: String) { ids.append(id) }

  /// Reads the records of an interrupted run; the ids are to be given by ``remember(id:)``.
  mutating func restore(from file: URL) throws {
    guard FileManager.default.fileExists(atPath: file.path) else { return }
    let data = try Data(contentsOf: file, options: .alwaysMapped)
    var (position, story) = (0, UInt32(0))
    func value(_ offset: Int) -> UInt32 {
      data.withUnsafeBytes { UInt32(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: UInt32.self)) }
    }
    while position + 12 <= data.count {
      hashes[UInt64(value(position)) | UInt64(value(position + 4)) << 32] = story
      let count = Int(value(position + 8))
      let values = (0..<count).map { value(position + 12 + 4 * $0) }
      try duplicates?.insert(values)
      position += 12 + 4 * count
      story += 1
    }
  }

  /// The hash, how many values follow, and these: little-endian.
  private static func record(_ hash: UInt64, _ values: [UInt32]) -> [UInt8] {
    let words = [UInt32(truncatingIfNeeded: hash), UInt32(hash >> 32), UInt32(values.count)] + values
    return words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * UInt32($0))) } }
  }
}
