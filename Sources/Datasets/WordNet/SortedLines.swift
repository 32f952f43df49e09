import Foundation

/// A mapped file of lines sorted by their first word, searched by halving.
struct SortedLines: Sendable {
  private let data: Data

  init(_ data: Data) { self.data = data }

  /// Every line.
  var all: [Substring] { (data.validText ?? "").split(separator: "\n") }

  /// The line whose first word is `key`, or nil. Complexity: O(log n) lines.
  func line(beginningWith key: String) -> String? {
    let wanted = Array(key.utf8)
    if wanted.isEmpty || wanted.contains(0x20) { return nil }
    return data.withUnsafeBytes { bytes in
      var (low, high) = (0, bytes.count)
      while low < high {
        let start = lineStart(bytes, around: (low + high) / 2)
        let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
        let word = bytes[start..<end].prefix { $0 != 0x20 }
        if word.elementsEqual(wanted) { return String(decoding: bytes[start..<end], as: UTF8.self) }
        // The licence at the top is indented: its first word is empty, which sorts before every other.
        if word.lexicographicallyPrecedes(wanted) { low = end + 1 } else { high = start }
      }
      return nil
    }
  }

  private func lineStart(_ bytes: UnsafeRawBufferPointer, around position: Int) -> Int {
    var start = position
    while start > 0, bytes[start - 1] != UInt8(ascii: "\n") { start -= 1 }
    return start
  }
}
