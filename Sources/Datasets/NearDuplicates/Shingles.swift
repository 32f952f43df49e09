/// The set of a text's word triples, each as a 32-bit hash: what near-duplicates share.
public struct Shingles: Sendable, Equatable {
  /// Words in a shingle.
  static let width = 3

  /// Ascending, each once.
  public let hashes: [UInt32]

  public init(_ text: String) {
    hashes = Array(Set(Self.hashes(of: Words.lowercased(text), width: Self.width))).sorted()
  }

  init(sorted hashes: [UInt32]) { self.hashes = hashes }

  /// Every shingle in order; a text shorter than a shingle is one.
  static func hashes(of words: [String], width: Int) -> [UInt32] {
    let codes = words.map(code)
    guard codes.count > width else { return [UInt32(truncatingIfNeeded: combined(codes[...]))] }
    return (0...(codes.count - width)).map { start in
      UInt32(truncatingIfNeeded: combined(codes[start..<start + width]))
    }
  }

  /// FNV-1a over the word's bytes (the standard library's hashes differ from run to run).
  private static func code(of word: String) -> UInt64 {
    word.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }

  private static func combined(_ codes: ArraySlice<UInt64>) -> UInt64 {
    var z = codes.reduce(0) { ($0 &* 0x9E37_79B9_7F4A_7C15) ^ $1 }
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// |A ∩ B| / |A ∪ B|.
  public func jaccard(_ other: Shingles) -> Double {
    var common = 0
    var (i, j) = (0, 0)
    while i < hashes.count, j < other.hashes.count {
      if hashes[i] == other.hashes[j] {
        common += 1
        i += 1
        j += 1
      } else if hashes[i] < other.hashes[j] {
        i += 1
      } else {
        j += 1
      }
    }
    let union = hashes.count + other.hashes.count - common
    return union == 0 ? 1 : Double(common) / Double(union)
  }
}
