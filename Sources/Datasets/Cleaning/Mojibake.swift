/// Undoes the commonest damage to text: UTF-8 that was read as Windows-1252 and saved again, so that `’` became
/// `â€™`, `é` became `Ã©` and `”` became `â€` and an invisible character that many programs then dropped.
///
/// A sequence is repaired only when the characters, written back as Windows-1252, are a complete and valid UTF-8
/// sequence; other text stays as it is. Text that was damaged twice is repaired twice.
public enum Mojibake {
  /// The most times that a text is taken to have been damaged.
  private static let maximumRounds = 3

  /// The repaired text and the number of repaired characters.
  public static func repair(_ text: String) -> (text: String, repairs: Int) {
    // Every damaged sequence begins with a letter of U+00C2 … U+00F4, whose UTF-8 begins with C3 (or C2).
    guard text.utf8.contains(where: { $0 == 0xC3 }) else { return (text, 0) }
    var text = text
    var total = 0
    for _ in 0..<maximumRounds {
      let (repaired, count) = repairOnce(Array(text.unicodeScalars))
      if count == 0 { break }
      text = repaired
      total += count
    }
    return (text, total)
  }

  private static func repairOnce(_ scalars: [Unicode.Scalar]) -> (String, Int) {
    var result = String.UnicodeScalarView()
    var count = 0
    var index = 0
    while index < scalars.count {
      if let (scalar, length) = damaged(scalars[index...]) {
        result.append(scalar)
        index += length
        count += 1
      } else {
        result.append(scalars[index])
        index += 1
      }
    }
    return (String(result), count)
  }

  /// The character that the first scalars stand for, and how many they are, or nil when they are no damage.
  private static func damaged(_ scalars: ArraySlice<Unicode.Scalar>) -> (Unicode.Scalar, Int)? {
    guard let first = scalars.first, let lead = byte(of: first) else { return nil }
    let length =
      switch lead {
      case 0xC2...0xDF: 2
      case 0xE0...0xEF: 3
      case 0xF0...0xF4: 4
      default: 0
      }
    guard length > 0 else { return nil }
    let bytes = scalars.prefix(length).compactMap(byte)
    let isComplete = bytes.count == length && bytes.dropFirst().allSatisfy { (0x80...0xBF).contains($0) }
    if isComplete, let text = String(validating: bytes, as: UTF8.self), let scalar = text.unicodeScalars.first {
      return (scalar, length)
    }
    // Windows-1252 has no character for 9D, the last byte of ”: what is left of it is â€, perhaps with a
    // replacement character.
    if scalars.prefix(2).elementsEqual(["\u{E2}", "\u{20AC}"]) {
      return ("\u{201D}", scalars.dropFirst(2).first == "\u{FFFD}" ? 3 : 2)
    }
    return nil
  }

  /// The byte that Windows-1252 has for a character; its five unused bytes are the C1 controls of that number.
  static func byte(of scalar: Unicode.Scalar) -> UInt8? {
    if scalar.value < 0x100 { return UInt8(scalar.value) }
    return upperHalf[scalar]
  }

  /// The characters that Windows-1252 puts at 80 … 9F.
  private static let upperHalf: [Unicode.Scalar: UInt8] = [
    "€": 0x80, "‚": 0x82, "ƒ": 0x83, "„": 0x84, "…": 0x85, "†": 0x86, "‡": 0x87, "ˆ": 0x88, "‰": 0x89,
    "Š": 0x8A, "‹": 0x8B, "Œ": 0x8C, "Ž": 0x8E, "‘": 0x91, "’": 0x92, "“": 0x93, "”": 0x94, "•": 0x95,
    "–": 0x96, "—": 0x97, "˜": 0x98, "™": 0x99, "š": 0x9A, "›": 0x9B, "œ": 0x9C, "ž": 0x9E, "Ÿ": 0x9F,
  ]
}
