public import Foundation
import Operations

/// Writes `corpus.jsonl` story by story; nothing is there under that name before ``commit()``.
public struct CorpusWriter: ~Copyable {
  private var file: BufferedFile
  public private(set) var count = 0

  /// - Throws: ``OperationError`` when the folder is missing or not writable.
  public init(_ url: URL) throws {
    file = try BufferedFile(url)
  }

  public mutating func write(_ story: StoryRecord) throws {
    try file.write(Self.line(story))
    count += 1
  }

  public mutating func commit() throws { try file.commit() }

  static func line(_ story: StoryRecord) -> String {
    let metadata = story.metadata.map { ", \"metadata\": \($0)" } ?? ""
    return "{\"_id\": \(JSONText.quoted(story.id)), \"title\": \(JSONText.quoted(story.title)), "
      + "\"text\": \(JSONText.quoted(story.text))\(metadata)}\n"
  }
}
