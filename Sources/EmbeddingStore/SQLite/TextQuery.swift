internal import GRDB

/// A query's words, chosen so that the answer is good and does not cost much.
///
/// The words are joined by OR. FTS5 must score every document with any of them, so its cost is the sum of the words'
/// document frequencies. Words that are in more than half of the documents count for nothing in FTS5's BM25 (their
/// weight is cut off at zero), so they are dropped; then the rarest are kept as long as the sum stays within
/// ``budget`` documents' worth. Queries that cost little anyway keep all their words.
///
/// Measured on TinyStories (9,825 stories, development split, summaries of 25 words; accuracy@1 and median time):
/// all words 0.987 in 20 ms; without those in over half of the documents 0.987 in 8 ms; a budget of 1.0 × documents
/// 0.981 in 6 ms, of 0.5 × 0.976 in 3.4 ms.
struct TextQuery {
  /// In units of the collection's documents.
  static let budget = 1.5
  /// Sums of document frequencies up to this are not worth saving.
  static let freeCost = 2000
  /// However frequent, this many words stay.
  static let fewestWords = 3
  /// Different words looked at, and words kept: bounds for texts that are no queries.
  static let mostWords = 1000
  static let mostKeptWords = 128

  struct Word: Equatable {
    /// As it stands in the query, without case and accents.
    let text: String
    /// How many documents have it.
    let frequency: Int
  }

  /// The words of a text as FTS5 sees them: each as written, and its stem, under which the index has it.
  static func words(of text: String, _ db: Database) throws -> [(text: String, stem: String)] {
    // Both tokenizers cut at the same places. A NUL would end the text for one of them.
    let text = text.replacing("\0", with: " ")
    let written = try db.makeTokenizer(Schema.words).tokenize(query: text)
    let stems = try db.makeTokenizer(Schema.tokenizer).tokenize(query: text)
    var seen = Set<String>()
    var result: [(text: String, stem: String)] = []
    for (written, stem) in zip(written, stems) where seen.insert(stem.token).inserted {
      result.append((written.token, stem.token))
      if result.count == mostWords { break }
    }
    return result
  }

  /// The words to search for; none where no document has any.
  static func choose(_ words: [Word], documents: Int) -> [Word] {
    let known = words.filter { $0.frequency > 0 }
      .sorted { $0.frequency != $1.frequency ? $0.frequency < $1.frequency : $0.text < $1.text }
    var cost = 0
    var chosen: [Word] = []
    for word in known.prefix(mostKeptWords) {
      cost += word.frequency
      if cost > freeCost, !chosen.isEmpty {
        if word.frequency * 2 > documents { break }
        if Double(cost) > budget * Double(documents), chosen.count >= fewestWords { break }
      }
      chosen.append(word)
    }
    return chosen
  }

  /// FTS5's query: each word between quotes, so that none is taken for an operator.
  static func expression(_ words: [Word]) -> String {
    words.map { "\"\($0.text.replacing("\"", with: "\"\""))\"" }.joined(separator: " OR ")
  }
}

/// How many documents have a word, as remembered since a collection's last change: counting a frequent word's
/// documents takes FTS5 a good part of a millisecond.
struct TermFrequencies {
  private static let limit = 100_000
  private var collection: Int64 = -1
  private var change = -1
  private var known: [String: Int] = [:]

  mutating func forget(unless collection: CollectionRow) {
    guard self.collection != collection.number || change != collection.change || known.count > Self.limit else {
      return
    }
    (self.collection, change, known) = (collection.number, collection.change, [:])
  }

  subscript(stem: String) -> Int? {
    get { known[stem] }
    set { known[stem] = newValue }
  }
}
