public import Operations

/// What a dataset holds: counts, lengths, vocabulary, and how much of a query's words its story shares.
public struct DatasetStatistics: Sendable, Codable, Equatable {
  public struct Lengths: Sendable, Codable, Equatable {
    public var mean: Double
    public var minimum: Int
    public var median: Int
    public var percentile95: Int
    public var maximum: Int
    public var histogram: Histogram
  }

  public struct Overlap: Sendable, Codable, Equatable {
    public var pairs: Int
    /// Mean share of the query's distinct words that its story has.
    public var words: Double
    /// The same without function words.
    public var contentWords: Double
    /// Share of pairs without a common content word.
    public var disjoint: Double
  }

  public var stories = 0
  public var storyBytes = 0
  public var queries = 0
  /// Judged queries of each split.
  public var splits: [String: Int] = [:]
  /// `tokens` with a tokenizer, else `words and marks`.
  public var lengthUnit = ""
  public var storyLengths: Lengths?
  public var queryLengths: Lengths?
  /// Distinct words of the stories, and how many of them come only once.
  public var distinctWords = 0
  public var wordsSeenOnce = 0
  /// The share of all words that the most frequent 1,000, 4,096 and 10,000 distinct ones cover.
  public var coverage: [String: Double] = [:]
  /// The share of the queries' words that some story has.
  public var queryWordsInStories = 0.0
  public var overlap: [String: Overlap] = [:]

  /// Reads a dataset once. Memory: its vocabulary and its queries.
  ///
  /// - Parameters:
  ///   - tokenCount: how lengths are counted; nil: words and punctuation marks.
  ///   - progress: called with the bytes of the corpus read and their total.
  /// - Throws: ``DatasetError``, or what `cancellation` throws.
  public init(
    of dataset: Dataset, tokenCount: ((String) throws -> Int)? = nil, cancellation: Cancellation = Cancellation(),
    progress: (Int, Int?) -> Void = { _, _ in }
  ) throws {
    let count = tokenCount ?? Words.approximateTokenCount
    lengthUnit = tokenCount == nil ? "words and marks" : "tokens"
    let queries = try dataset.queries()
    self.queries = queries.count
    var vocabulary = Vocabulary()
    var lengths: [Int] = []
    let queryWords = Dictionary(uniqueKeysWithValues: queries.map { ($0.id, Set(Words.lowercased($0.text))) })
    var queriesOfStory: [String: [(split: String, query: String)]] = [:]
    for split in dataset.splitNames {
      let pairs = try dataset.judgements(of: split).map(\.judgement).filter { $0.score > 0 }
      splits[split] = Set(pairs.map(\.queryID)).count
      for pair in pairs { queriesOfStory[pair.storyID, default: []].append((split, pair.queryID)) }
    }
    let reader = try dataset.stories()
    while let story = try reader.next() {
      try cancellation.check()
      lengths.append(try count(story.text))
      storyBytes += story.text.utf8.count
      let words = Words.lowercased(story.text)
      vocabulary.add(words)
      if let judged = queriesOfStory[story.id] {
        let distinct = Set(words)
        for (split, query) in judged {
          if let query = queryWords[query] { overlap[split, default: Overlap()].add(query, distinct) }
        }
      }
      progress(reader.counts.bytesRead, reader.totalBytes)
    }
    stories = reader.counts.stories
    storyLengths = Lengths(lengths)
    queryLengths = Lengths(try queries.map { try count($0.text) })
    (distinctWords, wordsSeenOnce) = (vocabulary.counts.count, vocabulary.counts.count { $0 == 1 })
    for size in [1000, 4096, 10_000] { coverage["\(size)"] = vocabulary.coverage(of: size) }
    let all = queryWords.values.flatMap { $0 }
    queryWordsInStories = all.isEmpty ? 0 : Double(all.count { vocabulary.numbers[$0] != nil }) / Double(all.count)
    overlap = overlap.mapValues(\.averaged)
  }
}

extension DatasetStatistics.Lengths {
  /// Nil for no values.
  init?(_ values: [Int]) {
    guard !values.isEmpty else { return nil }
    let sorted = values.sorted()
    mean = Double(values.reduce(0, +)) / Double(values.count)
    (minimum, maximum) = (sorted[0], sorted[sorted.count - 1])
    median = sorted[(sorted.count - 1) / 2]
    percentile95 = sorted[Int((Double(sorted.count - 1) * 0.95).rounded(.up))]
    histogram = Histogram(sorted)
  }
}

extension DatasetStatistics.Overlap {
  fileprivate init() { self.init(pairs: 0, words: 0, contentWords: 0, disjoint: 0) }

  /// Adds one pair to the sums.
  fileprivate mutating func add(_ query: Set<String>, _ story: Set<String>) {
    func share(_ words: Set<String>) -> Double {
      words.isEmpty ? 0 : Double(words.count(where: story.contains)) / Double(words.count)
    }
    let content = share(query.subtracting(EnglishWords.functionWords))
    pairs += 1
    words += share(query)
    contentWords += content
    if content == 0 { disjoint += 1 }
  }

  /// The means of what was summed.
  fileprivate var averaged: Self {
    let count = Double(max(pairs, 1))
    return Self(pairs: pairs, words: words / count, contentWords: contentWords / count, disjoint: disjoint / count)
  }
}

/// Distinct words, numbered as they come, and how often each came.
private struct Vocabulary {
  var numbers: [String: Int] = [:]
  var counts: [Int] = []

  mutating func add(_ words: [String]) {
    for word in words {
      let number = numbers[word] ?? counts.count
      if number == counts.count {
        numbers[word] = number
        counts.append(0)
      }
      counts[number] += 1
    }
  }

  func coverage(of size: Int) -> Double {
    let total = counts.reduce(0, +)
    let covered = counts.sorted(by: >).prefix(size).reduce(0, +)
    return total == 0 ? 0 : Double(covered) / Double(total)
  }
}
