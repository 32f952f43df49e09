import Operations

/// Queries made from one story, and the story as it is to be found with them.
struct StoryPairs: Equatable {
  var queries: [String]
  var text: String

  /// Takes up to `count` sentences out as queries; each is left in with probability `keep`. At most half of the
  /// sentences go, so that something is left to find.
  static func inverseCloze(
    _ text: String, count: Int, keep: Double, minimumWords: Int, _ generator: inout SeededGenerator
  ) -> StoryPairs {
    let sentences = Sentences.ranges(in: text)
    let usable = sentences.indices.filter { Words.lowercased(String(text[sentences[$0]])).count >= minimumWords }
    let number = min(count, usable.count, sentences.count / 2)
    guard number > 0 else { return StoryPairs(queries: [], text: text) }
    let chosen = generator.distinct(number, below: usable.count).map { usable[$0] }.sorted()
    return take(chosen, outOf: sentences, of: text, keep: keep, &generator)
  }

  /// Takes the first sentence out as the query.
  static func lead(
    _ text: String, keep: Double, minimumWords: Int, _ generator: inout SeededGenerator
  ) -> StoryPairs {
    let sentences = Sentences.ranges(in: text)
    // “Once upon a time.” alone says nothing: the first sentence with enough words leads.
    let lead = sentences.indices.prefix(max(1, sentences.count / 2))
      .first { Words.lowercased(String(text[sentences[$0]])).count >= minimumWords }
    guard let lead, sentences.count > 1 else { return StoryPairs(queries: [], text: text) }
    return take([lead], outOf: sentences, of: text, keep: keep, &generator)
  }

  /// Takes runs of words as queries; the story stays as it is.
  static func crop(
    _ text: String, count: Int, words: ClosedRange<Int>, _ generator: inout SeededGenerator
  ) -> StoryPairs {
    let pieces = text.split(whereSeparator: \.isWhitespace)
    guard pieces.count >= words.lowerBound * 2 else { return StoryPairs(queries: [], text: text) }
    let queries = (0..<count).map { _ in
      let longest = min(words.upperBound, pieces.count / 2)
      let length = words.lowerBound + generator.uniform(below: longest - words.lowerBound + 1)
      let start = generator.uniform(below: pieces.count - length + 1)
      return pieces[start..<start + length].joined(separator: " ")
    }
    return StoryPairs(queries: queries, text: text)
  }

  private static func take(
    _ chosen: [Int], outOf sentences: [Range<String.Index>], of text: String, keep: Double,
    _ generator: inout SeededGenerator
  ) -> StoryPairs {
    let queries = chosen.map { text[sentences[$0]].split(whereSeparator: \.isWhitespace).joined(separator: " ") }
    let removed = Set(chosen.filter { _ in generator.unitInterval() >= keep })
    var rest = ""
    var previousEnd = text.startIndex
    for (index, range) in sentences.enumerated() {
      // With each sentence goes the white space before it.
      if !removed.contains(index) { rest += text[previousEnd..<range.upperBound] }
      previousEnd = range.upperBound
    }
    return StoryPairs(queries: queries, text: rest.trimmed)
  }
}
