/// Cuts a text into sentences: after `.`, `!`, `?` or `…` and what closes a quotation, when white space and
/// something that can begin a sentence follow; and at line breaks.
public enum Sentences {
  /// Abbreviations after which a sentence goes on.
  private static let abbreviations: Set<String> = [
    "mr", "mrs", "ms", "dr", "st", "prof", "jr", "sr", "vs", "etc", "no",
  ]

  /// The sentences in order, without white space at their ends; joined by their separators they are the text.
  public static func split(_ text: String) -> [Substring] { ranges(in: text).map { text[$0] } }

  static func ranges(in text: String) -> [Range<String.Index>] {
    let scalars = text.unicodeScalars
    var result: [Range<String.Index>] = []
    var start = scalars.startIndex
    var index = scalars.startIndex
    func add(upTo end: String.Index) {
      var (first, last) = (start, end)
      while first < last, scalars[first].isSpace { first = scalars.index(after: first) }
      while first < last, scalars[scalars.index(before: last)].isSpace {
        last = scalars.index(before: last)
      }
      if first < last { result.append(first..<last) }
      start = end
    }
    while index < scalars.endIndex {
      let scalar = scalars[index]
      let next = scalars.index(after: index)
      if scalar == "\n" {
        add(upTo: next)
      } else if isTerminator(scalar), let end = boundary(scalars, after: next, from: start) {
        add(upTo: end)
        index = end
        continue
      }
      index = next
    }
    add(upTo: scalars.endIndex)
    return result
  }

  /// Where the sentence whose terminator ends at `position` ends, or nil when it goes on.
  private static func boundary(
    _ scalars: String.UnicodeScalarView, after position: String.Index, from start: String.Index
  ) -> String.Index? {
    var end = position
    while end < scalars.endIndex, isTerminator(scalars[end]) || isCloser(scalars[end]) {
      end = scalars.index(after: end)
    }
    guard end < scalars.endIndex else { return end }
    guard scalars[end].isSpace else { return nil }
    let follower = scalars[end...].first { !$0.isSpace }
    // `"Stop!" she said.` is one sentence.
    if let follower, follower.properties.isLowercase { return nil }
    let lastWord = scalars[start..<position].reversed().dropFirst().prefix { $0.isLetter }
    let word = String(String.UnicodeScalarView(lastWord.reversed())).lowercased()
    let isAbbreviation = scalars[scalars.index(before: position)] == "." && abbreviations.contains(word)
    return isAbbreviation ? nil : end
  }

  private static func isTerminator(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "." || scalar == "!" || scalar == "?" || scalar == "…"
  }

  private static func isCloser(_ scalar: Unicode.Scalar) -> Bool {
    "\"'”’»)]".unicodeScalars.contains(scalar)
  }
}
