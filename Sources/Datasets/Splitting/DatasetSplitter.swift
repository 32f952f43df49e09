import Foundation
public import Operations

/// Divides a dataset's judged pairs into train, dev and test by story.
///
/// Stories that are nearly the same, and stories that answer the same query, go into the same split: what a model
/// is tested on, it has not seen in other words. All pairs are also kept in the split `all`.
public struct DatasetSplitter: Sendable {
  public struct Report: Sendable, Codable, Equatable {
    public var trainStories = 0
    public var devStories = 0
    public var testStories = 0
    public var trainQueries = 0
    public var devQueries = 0
    public var testQueries = 0
    /// Groups of more than one story that had to stay together, and the stories in them.
    public var groups = 0
    public var groupedStories = 0
    /// Stories without any query: in no split.
    public var storiesWithoutQuery = 0
  }

  /// Stories that the dev split gets.
  public var dev: Int
  /// Stories that the test split gets.
  public var test: Int
  public var seed: UInt64
  /// The least Jaccard similarity of word triples that keeps two stories together; nil: none.
  public var nearDuplicateThreshold: Double? = 0.5

  static let names = ["all", "dev", "test", "train"]

  public init(dev: Int, test: Int, seed: UInt64) {
    self.dev = dev
    self.test = test
    self.seed = seed
  }

  /// Writes `qrels/train.tsv`, `dev.tsv`, `test.tsv` and `all.tsv` into the dataset in `path`, from the pairs of
  /// whichever of these are there. Run again, it divides the same pairs anew.
  ///
  /// Each file is replaced atomically, `all.tsv` first: after an interruption running again gives the same splits.
  ///
  /// - Parameter progress: called with the bytes of the corpus read and their total.
  /// - Throws: ``DatasetError`` when there are no pairs or too few stories, or when another split would be
  ///   contradicted.
  public func split(
    _ path: String, cancellation: Cancellation = Cancellation(), progress: (Int, Int?) -> Void = { _, _ in }
  ) throws -> Report {
    let dataset = try Dataset(path)
    let judgements = try pairs(of: dataset)
    var numbers: [String: Int] = [:]
    var order: [String] = []
    var (clusters, storyCount) = try nearDuplicateClusters(
      dataset, Set(judgements.map(\.storyID)), cancellation, progress
    ) {
      numbers[$0] = order.count
      order.append($0)
    }
    if let lost = judgements.first(where: { numbers[$0.storyID] == nil }) {
      throw DatasetError(
        Diagnosis(
          .badInput, "a judgement names a story that does not exist", at: path, found: "“\(lost.storyID.excerpt())”"))
    }
    joinSharedQueries(judgements, numbers, &clusters)
    let groups = clusters.groups()
    let places = try assign(groups, storyCount: order.count, path: path)
    var report = Report()
    report.groups = groups.count { $0.count > 1 }
    report.groupedStories = groups.filter { $0.count > 1 }.reduce(0) { $0 + $1.count }
    report.storiesWithoutQuery = storyCount - order.count
    let parts = Dictionary(grouping: judgements) { places[numbers[$0.storyID] ?? 0] }
    try write(parts, all: judgements, to: dataset.layout)
    func count(_ place: Place) -> (stories: Int, queries: Int) {
      let part = parts[place] ?? []
      return (places.count { $0 == place }, Set(part.map(\.queryID)).count)
    }
    (report.trainStories, report.trainQueries) = count(.train)
    (report.devStories, report.devQueries) = count(.dev)
    (report.testStories, report.testQueries) = count(.test)
    return report
  }

  private enum Place: String { case train, dev, test }

  /// The positive pairs of all splits, each once.
  private func pairs(of dataset: Dataset) throws -> [Judgement] {
    let path = dataset.layout.folder.path
    let foreign = dataset.splitNames.filter { !Self.names.contains($0) }
    guard foreign.isEmpty else {
      throw DatasetError(
        Diagnosis(
          .conflict, "the dataset has other splits, which a new division would contradict", at: path,
          found: foreign.joined(separator: ", "), hint: "divide a copy without them"))
    }
    var seen: Set<[String]> = []
    var result: [Judgement] = []
    for name in dataset.splitNames {
      for (judgement, _) in try dataset.judgements(of: name) where judgement.score > 0 {
        if seen.insert([judgement.queryID, judgement.storyID]).inserted { result.append(judgement) }
      }
    }
    guard !result.isEmpty else {
      throw DatasetError(
        Diagnosis(
          .badInput, "the dataset has no judged queries to divide", at: path,
          hint: "mixer dataset summarize or mixer dataset pairs makes them"))
    }
    // Sorted, so that the result does not depend on how the pairs were divided before.
    return result.sorted { ($0.queryID, $0.storyID) < ($1.queryID, $1.storyID) }
  }

  /// Reads the corpus; `add` gets the id of each story that has a query, numbered from 0.
  private func nearDuplicateClusters(
    _ dataset: Dataset, _ judged: Set<String>, _ cancellation: Cancellation, _ progress: (Int, Int?) -> Void,
    add: (String) -> Void
  ) throws -> (clusters: Clusters, storyCount: Int) {
    let index = try nearDuplicateThreshold.map {
      try NearDuplicateIndex(threshold: $0, temporaryFolder: dataset.layout.folder)
    }
    var pairs: [(Int, Int)] = []
    var count = 0
    let reader = try dataset.stories()
    while let story = try reader.next() {
      try cancellation.check()
      progress(reader.counts.bytesRead, reader.totalBytes)
      guard judged.contains(story.id) else { continue }
      if let index {
        let entry = index.entry(for: story.text)
        pairs += try index.matches(of: entry).map { ($0.index, count) }
        try index.insert(entry)
      }
      add(story.id)
      count += 1
    }
    var clusters = Clusters(count: count)
    for (a, b) in pairs { clusters.join(a, b) }
    return (clusters, reader.counts.stories)
  }

  private func joinSharedQueries(_ judgements: [Judgement], _ numbers: [String: Int], _ clusters: inout Clusters) {
    var first: [String: Int] = [:]
    for judgement in judgements {
      guard let story = numbers[judgement.storyID] else { continue }
      if let other = first[judgement.queryID] { clusters.join(other, story) } else { first[judgement.queryID] = story }
    }
  }

  /// Fills test, then dev, with groups in a random order; a group that does not fit any more goes to train.
  private func assign(_ groups: [[Int]], storyCount: Int, path: String) throws -> [Place] {
    guard dev >= 0, test >= 0, dev + test < storyCount else {
      throw DatasetError(
        Diagnosis(
          .badInput, "too few stories with a query", at: path, expected: "more than \(dev) + \(test)",
          found: "\(storyCount)"))
    }
    var generator = SeededGenerator(seed: seed)
    var shuffled = groups
    generator.shuffle(&shuffled)
    var places = [Place](repeating: .train, count: storyCount)
    var room: [(place: Place, count: Int)] = [(.test, test), (.dev, dev)]
    for group in shuffled {
      guard let index = room.firstIndex(where: { $0.count >= group.count }) else { continue }
      room[index].count -= group.count
      for story in group { places[story] = room[index].place }
    }
    if let lacking = room.first(where: { $0.count > 0 }) {
      throw DatasetError(
        Diagnosis(
          .badInput, "the groups of near-duplicates do not fit into a split of that size", at: path,
          found: "\(lacking.place.rawValue) short of \(lacking.count)", hint: "take other sizes"))
    }
    return places
  }

  private func write(_ parts: [Place: [Judgement]], all: [Judgement], to layout: DatasetLayout) throws {
    try JudgementFile.write(all, to: layout.judgements(of: "all").path)
    // Old splits go before new ones come: half of each must never stand side by side.
    for place in [Place.train, .dev, .test] {
      try? FileManager.default.removeItem(at: layout.judgements(of: place.rawValue))
    }
    for place in [Place.train, .dev, .test] {
      guard let part = parts[place], !part.isEmpty else { continue }
      try JudgementFile.write(part, to: layout.judgements(of: place.rawValue).path)
    }
  }
}
