/// Remembers which ids a corpus has used: about forty bytes a story, whatever the stories' length.
struct DuplicateGuard {
  enum Verdict {
    case new
    /// A story without an id whose text was read before.
    case sameText
    /// An id that was given before, there.
    case sameID(SourceLocation)
  }

  private var files: [String] = []
  /// Given id → file index (upper 24 bits) and line (lower 40 bits).
  private var given: [String: UInt64] = [:]
  private var hashes: Set<UInt64> = []

  mutating func beginFile(_ name: String) { files.append(name) }

  /// - Parameter hash: the content hash of a story without a given id, else nil.
  mutating func admit(id: String, hash: UInt64?, line: Int) -> Verdict {
    if let hash {
      // A given id that is a content hash came from an import: the same text then.
      return given[id] == nil && hashes.insert(hash).inserted ? .new : .sameText
    }
    if let place = given[id] { return .sameID(location(place)) }
    if id.utf8.count == 16, let value = UInt64(id, radix: 16), hashes.contains(value) { return .sameText }
    given[id] = UInt64(files.count - 1) << 40 | UInt64(line)
    return .new
  }

  private func location(_ place: UInt64) -> SourceLocation {
    SourceLocation(file: files[Int(place >> 40)], line: Int(place & (1 << 40 - 1)))
  }
}
