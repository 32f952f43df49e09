import Foundation

/// What an interrupted run decided about the stories it had read.
struct CleaningReplay {
  private var left: Int
  private var dropped: ArraySlice<String>

  /// - Parameters:
  ///   - stories: how many it had read.
  ///   - drops: the file with a row for each story that it left out, in their order.
  init(_ stories: Int, drops: URL) throws {
    left = stories
    var ids: [String] = []
    if stories > 0 { try LineFile.forEachRow(drops.path) { row, _ in ids.append(try row.text("_id")) } }
    dropped = ids[...]
  }

  /// Whether the next story was kept, or nil behind the last one that was read.
  mutating func next(_ id: String) -> Bool? {
    guard left > 0 else { return nil }
    left -= 1
    guard dropped.first == id else { return true }
    dropped.removeFirst()
    return false
  }
}
