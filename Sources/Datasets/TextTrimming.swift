/// White space at the ends of texts and in line endings, by Unicode scalars rather than by locale.
extension StringProtocol {
  /// The text without white space and line breaks at both ends.
  var trimmed: String {
    let scalars = unicodeScalars
    guard let first = scalars.firstIndex(where: { !$0.isSpace }),
      let last = scalars.lastIndex(where: { !$0.isSpace })
    else { return "" }
    return String(self[first..<scalars.index(after: last)])
  }

  /// Whether there is nothing but white space.
  var isBlank: Bool { unicodeScalars.allSatisfy { $0.isSpace } }

  /// The text with `\r\n` and single `\r` written as `\n`.
  var withUnixLineEndings: String {
    guard utf8.contains(UInt8(ascii: "\r")) else { return String(self) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(utf8.count)
    var followsReturn = false
    for byte in utf8 {
      switch byte {
      case UInt8(ascii: "\r"): bytes.append(UInt8(ascii: "\n"))
      case UInt8(ascii: "\n") where followsReturn: break
      default: bytes.append(byte)
      }
      followsReturn = byte == UInt8(ascii: "\r")
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
