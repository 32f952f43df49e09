import Foundation
public import Operations

/// Writes a dataset of (query, story) pairs made by a ``PairMethod``. The same seed gives the same bytes, and what
/// is made of a story depends on the seed and its id alone.
///
/// Story ids stay, so that a story and its queries never count as another story; queries get `ID~1`, `ID~2`, ….
/// All judgements go into the split `all`; `dataset split` divides them.
public struct PairMaker: Sendable {
  public struct Report: Sendable, Codable, Equatable {
    public var stories = 0
    public var queries = 0
    /// Stories too short to make a query of.
    public var storiesWithoutQuery = 0
  }

  public var method: PairMethod
  public var seed: UInt64
  /// Queries a story (or, for `paraphrase`, a query) gets at most.
  public var count = 1
  /// The probability that a sentence stays in its story.
  public var keepProbability = 0.1
  /// The fewest words of a sentence that makes a query.
  public var minimumWords = 5
  /// The length of a crop, in words.
  public var cropWords = 8...32

  public init(method: PairMethod, seed: UInt64) {
    self.method = method
    self.seed = seed
  }

  /// Makes the pairs of the dataset in `input`.
  ///
  /// - Parameters:
  ///   - output: a new folder.
  ///   - wordNet: needed for `paraphrase`.
  ///   - progress: called with the bytes read and their total.
  /// - Throws: ``DatasetError``, or what `cancellation` throws; nothing is then left of the output.
  public func make(
    from input: String, to output: String, wordNet: WordNet? = nil, cancellation: Cancellation = Cancellation(),
    progress: (Int, Int?) -> Void = { _, _ in }
  ) throws -> Report {
    let dataset = try Dataset(input)
    var sources = PairSources(queriesByStory: [:])
    if method == .paraphrase { sources = try PairSources(dataset) }
    var folder = try DatasetFolderWriter(output)
    var corpus = try CorpusWriter(folder.layout.corpus)
    var queries = try BufferedFile(folder.layout.queries)
    var judgements = try BufferedFile(folder.layout.judgements(of: "all"))
    try judgements.write(JudgementFile.header + "\n")
    var report = Report()
    var paraphraser = wordNet.map(Paraphraser.init)
    let reader = try dataset.stories()
    while var story = try reader.next() {
      try cancellation.check()
      let pairs = try pairs(of: story, sources, &paraphraser)
      story.text = pairs.text
      try corpus.write(story)
      report.stories += 1
      if pairs.queries.isEmpty { report.storiesWithoutQuery += 1 }
      for (index, text) in pairs.queries.enumerated() {
        let query = QueryRecord(id: "\(story.id)~\(index + 1)", text: text)
        try queries.write(QueryFile.line(query))
        try judgements.write("\(query.id)\t\(story.id)\t1\n")
        report.queries += 1
      }
      progress(reader.counts.bytesRead, reader.totalBytes)
    }
    guard report.queries > 0 else {
      throw DatasetError(Diagnosis(.badInput, "no story is long enough to make a query of", at: input))
    }
    try corpus.commit()
    try queries.commit()
    try judgements.commit()
    try folder.commit()
    return report
  }

  private func pairs(
    of story: StoryRecord, _ sources: PairSources, _ paraphraser: inout Paraphraser?
  ) throws -> StoryPairs {
    // Of the seed and the id alone: adding a story changes no other one's pairs.
    var generator = SeededGenerator(seed: seed ^ StoryIdentifier.contentHashValue(of: story.id))
    switch method {
    case .inverseCloze:
      return StoryPairs.inverseCloze(
        story.text, count: count, keep: keepProbability, minimumWords: minimumWords, &generator)
    case .lead:
      return StoryPairs.lead(story.text, keep: keepProbability, minimumWords: minimumWords, &generator)
    case .crop:
      return StoryPairs.crop(story.text, count: count, words: cropWords, &generator)
    case .paraphrase:
      guard paraphraser != nil else {
        throw DatasetError(
          Diagnosis(.badInput, "paraphrases need WordNet", hint: "apt-get install wordnet-base, or name its folder"))
      }
      let bases =
        sources.queriesByStory[story.id]
        ?? StoryPairs.inverseCloze(story.text, count: 1, keep: 1, minimumWords: minimumWords, &generator).queries
      let names = NameFinder(story: story.text)
      var texts: [String] = []
      for base in bases {
        for _ in 0..<count {
          let text = paraphraser?.paraphrase(base, names: names, &generator) ?? ""
          if !text.isEmpty, !texts.contains(text) { texts.append(text) }
        }
      }
      return StoryPairs(queries: texts, text: story.text)
    }
  }
}

/// The queries that paraphrases start from.
private struct PairSources {
  var queriesByStory: [String: [String]]

  init(queriesByStory: [String: [String]]) { self.queriesByStory = queriesByStory }

  /// Queries of every split, each once, by the stories that answer them.
  init(_ dataset: Dataset) throws {
    let texts = Dictionary(uniqueKeysWithValues: try dataset.queries().map { ($0.id, $0.text) })
    var seen: Set<[String]> = []
    var result: [String: [String]] = [:]
    for split in dataset.splitNames {
      for (judgement, source) in try dataset.judgements(of: split) where judgement.score > 0 {
        guard let text = texts[judgement.queryID] else {
          throw DatasetError("the query does not exist", at: source, found: "“\(judgement.queryID.excerpt())”")
        }
        if seen.insert([judgement.queryID, judgement.storyID]).inserted {
          result[judgement.storyID, default: []].append(text)
        }
      }
    }
    queriesByStory = result
  }
}
