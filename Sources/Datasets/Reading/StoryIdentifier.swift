import Crypto

/// What names a story: an id from the corpus, or a hash of its text.
public enum StoryIdentifier {
  /// The longest id accepted, in bytes of UTF-8.
  public static let maximumLength = 1024

  /// The id of a story that came without one: the first 16 hexadecimal digits (64 bits) of the SHA-256 of its
  /// UTF-8 text, line endings written as `\n` and white space at both ends taken off.
  ///
  /// Fixed for ever: stores and datasets hold these ids. Two million stories share an id by chance with a
  /// probability of about 10⁻⁷.
  public static func contentHash(of text: String) -> String {
    hexadecimal(contentHashValue(of: text))
  }

  /// The same 64 bits as a number.
  static func contentHashValue(of text: String) -> UInt64 {
    var normalized = text.trimmed.withUnixLineEndings
    var digest = SHA256()
    normalized.withUTF8 { digest.update(bufferPointer: UnsafeRawBufferPointer($0)) }
    return digest.finalize().prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
  }

  static func hexadecimal(_ value: UInt64) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  /// What is wrong with an id, or nil when nothing is.
  public static func fault(in id: String) -> String? {
    if id.isEmpty { return "the id is empty" }
    if id.utf8.count > maximumLength { return "the id is longer than \(maximumLength) bytes" }
    let isClean = id.unicodeScalars.allSatisfy { scalar in
      // Printable ASCII is the rule; the property look-ups are for the rest.
      (0x21...0x7E).contains(scalar.value)
        || !(scalar.isSpace || scalar.properties.generalCategory == .control)
    }
    return isClean ? nil : "the id holds white space or a control character"
  }
}
