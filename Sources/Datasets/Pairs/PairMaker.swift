import Foundation
public import Operations

/// Writes a dataset of (query, story) pairs made by a ``PairMethod``. The same seed gives the same bytes, and what
/// is made of a story depends on the seed and its id alone.
///
/// Story ids stay, so that a story and its queries never count as another story; queries get `ID~c1`, `ID~c2`, …, with
/// a letter for the method.
///
/// Pairs made of stories go into the split `all`, which `dataset split` divides; those of a split's stories, and
/// what its queries are rewritten to, go into the split of that name, so that nothing of dev or test gets into training.
public struct PairMaker: Sendable {
  public struct Report: Sendable, Codable, Equatable {
    public var stories = 0
    public var queries = 0
    /// Stories too short to make a query of.
    public var storiesWithoutQuery = 0
    /// After how many stories an interrupted run was gone on with.
    public var resumedAfter: Int?
  }

  public var method: PairMethod
  public var seed: UInt64
  /// Queries a story (or, for `paraphrase` and `omission`, a query) gets at most.
  public var count = 1
  /// The probability that a sentence stays in its story.
  public var keepProbability = 0.1
  /// The fewest words of a sentence that makes a query.
  public var minimumWords = 5
  /// What `paraphrase` and `omission` start from; nil: the queries where the dataset has any, or else sentences.
  public var source: ParaphraseSource?
  /// The split whose queries they start from; nil: `train`, or `all` where there is no such split. Of the other methods,
  /// the split whose stories are used; nil: all stories.
  public var split: String?
  /// The probability that a paraphrase replaces a content word.
  public var strength = 0.95
  /// The probability that `omission` leaves a word out: drawn for each query from this range.
  public var omissionProbability = 0.2...0.5
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
  /// - Throws: ``DatasetError``; nothing is then left of the output, unless it was interrupted: the same call goes on.
  public func make(
    from input: String, to output: String, wordNet: WordNet? = nil, cancellation: Cancellation = Cancellation(),
    progress: (Int, Int?) -> Void = { _, _ in }
  ) throws -> Report {
    let dataset = try Dataset(input)
    let bases = method.rewrites ? try ParaphraseBases(dataset, source, split: split) : nil
    let folder = try WorkFolder<Report>(output, identity: try identity(of: input))
    let judgementFile = "qrels/\(bases?.split ?? split ?? "all").tsv"
    let chosen = try bases?.hasQueries == true ? nil : split.map { Set(try dataset.split($0).flatMap(\.relevantIDs)) }
    var report = folder.restored?.state ?? Report()
    report.resumedAfter = folder.restored?.stories
    if folder.restored == nil { try folder.write((JudgementFile.header + "\n").utf8, to: judgementFile) }
    var paraphraser = wordNet.map { Paraphraser(wordNet: $0, strength: strength) }
    let reader = try dataset.stories()
    var position = 0
    while var story = try reader.next() {
      try folder.step(stories: report.stories, state: report, cancellation)
      if let chosen, !chosen.contains(story.id) { continue }
      position += 1
      if position <= folder.restored?.stories ?? 0 { continue }
      let pairs = try pairs(of: story, bases, &paraphraser)
      story.text = pairs.text
      try folder.write(CorpusWriter.line(story).utf8, to: "corpus.jsonl")
      report.stories += 1
      if pairs.queries.isEmpty { report.storiesWithoutQuery += 1 }
      for (index, text) in pairs.queries.enumerated() {
        let query = QueryRecord(id: "\(story.id)~\(method.queryIDInitial)\(index + 1)", text: text)
        try folder.write(QueryFile.line(query).utf8, to: "queries.jsonl")
        try folder.write("\(query.id)\t\(story.id)\t1\n".utf8, to: judgementFile)
        report.queries += 1
      }
      progress(reader.counts.bytesRead, reader.totalBytes)
    }
    guard report.queries > 0 else {
      throw DatasetError(Diagnosis(.badInput, "there is nothing to make a query of", at: input))
    }
    try folder.commit()
    return report
  }

  private func identity(of input: String) throws -> String? {
    let settings: [Any] = [
      method, seed, count, keepProbability, minimumWords, cropWords, source as Any, split as Any, strength,
      omissionProbability,
    ]
    return try WorkIdentity.of("pairs \(settings)", reading: [input])
  }

  private func pairs(
    of story: StoryRecord, _ bases: ParaphraseBases?, _ paraphraser: inout Paraphraser?
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
      let names = NameFinder(story: story.text)
      return rewritten(story, bases, &generator) { text, generator in
        paraphraser?.paraphrase(text, names: names, &generator) ?? ""
      }
    case .omission:
      return rewritten(story, bases, &generator) { text, generator in
        let range = omissionProbability
        let probability = range.lowerBound + generator.unitInterval() * (range.upperBound - range.lowerBound)
        let words = text.split(whereSeparator: \.isWhitespace)
        return words.filter { _ in generator.unitInterval() >= probability }.joined(separator: " ")
      }
    }
  }

  /// `count` different texts made of each of the story's queries, or of a sentence of it.
  private func rewritten(
    _ story: StoryRecord, _ bases: ParaphraseBases?, _ generator: inout SeededGenerator,
    _ rewrite: (String, inout SeededGenerator) -> String
  ) -> StoryPairs {
    let texts =
      bases?.texts(for: story.id)
      ?? StoryPairs.inverseCloze(story.text, count: 1, keep: 1, minimumWords: minimumWords, &generator).queries
    var queries: [String] = []
    for text in texts {
      for _ in 0..<count {
        let query = rewrite(text, &generator)
        if !query.isEmpty, !queries.contains(query) { queries.append(query) }
      }
    }
    return StoryPairs(queries: queries, text: story.text)
  }
}
