import Operations

/// One training context of the retrieval mixer: whose query it is, which stories fill it, and where the match is.
public struct SampledContext: Sendable, Equatable {
  /// The pair whose query is row 0.
  public var pair: Int
  /// C − 1 different stories (indices into ``ContextSampler/stories``): rows 1 … C − 1.
  public var candidates: [Int]
  /// Where in ``candidates`` the match is.
  public var matchSlot: Int
}

/// Draws training contexts: Algorithm 1 of Badger 2024 (arXiv 2409.01482) as DESIGN §2 fixes it.
///
/// Row 0 is a query; C − 1 candidates are drawn without replacement from all *other* stories, where "other" is by
/// story id; then the match replaces a uniformly chosen slot. A share of the candidates can come from the query's
/// hard negatives.
///
/// Context number n depends on the seed and on n alone: sampling can be resumed, or spread over threads, and
/// gives the same contexts. Each epoch visits every pair once in a new random order.
public struct ContextSampler: Sendable {
  /// Where a sampler stands: what a training checkpoint keeps.
  public struct State: Sendable, Codable, Equatable {
    public var seed: UInt64
    /// The number of the next context.
    public var position: Int
  }

  /// The distinct stories in the order of their first pair, and then those that come without one.
  public let stories: [String]
  /// For each story its row of the cached `target` embeddings: that of the first pair that has it, or, for one without a
  /// pair, the row behind all pairs.
  public let targetRow: [Int]
  /// For each pair its story.
  public let storyOfPair: [Int]
  /// C − 1.
  public let candidateCount: Int
  public private(set) var state: State

  private let excluded: [[Int]]
  private let hardNegatives: [[Int]]
  private let hardCount: Int
  private var order: (epoch: Int, pairs: [Int])

  /// - Parameters:
  ///   - storyIDs: for each pair (query, story) the id of its story.
  ///   - queryIDs: for each pair the id of its query; a query's other answers are then never drawn against it.
  ///     Empty: every pair has a query of its own.
  ///   - moreStoryIDs: stories without a pair, which are candidates too; those known from the pairs are passed over.
  ///   - contextWidth: C, the query's row included.
  ///   - hardNegatives: ids by query id; unknown stories and the query's own answers are passed over.
  ///   - hardShare: the share of the C − 1 candidates drawn from them, as far as they reach.
  /// - Throws: ``DatasetError`` when there are fewer other stories than candidates.
  public init(
    storyIDs: [String], queryIDs: [String] = [], moreStoryIDs: [String] = [], contextWidth: Int, seed: UInt64,
    hardNegatives: [String: [String]] = [:], hardShare: Double = 0
  ) throws {
    precondition(queryIDs.isEmpty || queryIDs.count == storyIDs.count)
    guard contextWidth >= 2, (0...1).contains(hardShare) else {
      throw DatasetError(
        Diagnosis(
          .badInput, "cannot sample contexts", expected: "a width of at least 2 and a share between 0 and 1",
          found: "width \(contextWidth), share \(hardShare)"))
    }
    var index: [String: Int] = [:]
    var stories: [String] = []
    var targetRow: [Int] = []
    for (row, id) in (storyIDs + moreStoryIDs).enumerated() where index[id] == nil {
      index[id] = stories.count
      stories.append(id)
      targetRow.append(row)
    }
    let storyOfPair = storyIDs.compactMap { index[$0] }
    var answers: [String: Set<Int>] = [:]
    for (query, story) in zip(queryIDs, storyOfPair) { answers[query, default: []].insert(story) }
    excluded = storyOfPair.indices.map { pair in
      queryIDs.isEmpty ? [storyOfPair[pair]] : answers[queryIDs[pair], default: []].sorted()
    }
    let most = excluded.map(\.count).max() ?? 1
    guard !storyIDs.isEmpty, stories.count - most >= contextWidth - 1 else {
      throw DatasetError(
        Diagnosis(
          .badInput, "too few stories for a context of width \(contextWidth)",
          expected: "at least \(contextWidth - 1 + most)", found: "\(stories.count)",
          hint: "take a smaller context width or more stories"))
    }
    let own = excluded
    self.hardNegatives =
      hardShare == 0 || queryIDs.isEmpty
      ? []
      : queryIDs.indices.map { pair in
        var seen = Set(own[pair])
        return hardNegatives[queryIDs[pair], default: []].compactMap { index[$0] }
          .filter { seen.insert($0).inserted }
      }
    hardCount = Int((hardShare * Double(contextWidth - 1)).rounded())
    (self.stories, self.targetRow, self.storyOfPair) = (stories, targetRow, storyOfPair)
    candidateCount = contextWidth - 1
    state = State(seed: seed, position: 0)
    order = (-1, [])
  }

  /// How many pairs, and so contexts, an epoch has.
  public var pairCount: Int { storyOfPair.count }

  /// Goes on where another sampler over the same pairs stood.
  public mutating func restore(_ state: State) {
    self.state = state
    order = (-1, [])
  }

  /// The next context.
  ///
  /// Complexity: O(C) expected, and O(pairs) at the beginning of an epoch.
  public mutating func next() -> SampledContext {
    let epoch = state.position / pairCount
    if order.epoch != epoch { order = (epoch, Self.order(of: epoch, count: pairCount, seed: state.seed)) }
    defer { state.position += 1 }
    return context(for: order.pairs[state.position % pairCount], number: state.position)
  }

  /// The pairs of an epoch in the order in which ``next()`` visits them.
  static func order(of epoch: Int, count: Int, seed: UInt64) -> [Int] {
    var generator = SeededGenerator(seed: mixed(seed, 2 &* UInt64(epoch) &+ 1))
    var pairs = Array(0..<count)
    generator.shuffle(&pairs)
    return pairs
  }

  /// A context for a given pair; `number` picks the random numbers.
  public func context(for pair: Int, number: Int) -> SampledContext {
    var generator = SeededGenerator(seed: Self.mixed(state.seed, 2 &* UInt64(number)))
    let own = excluded[pair]
    var candidates: [Int] = []
    candidates.reserveCapacity(candidateCount)
    if !hardNegatives.isEmpty {
      let hard = hardNegatives[pair]
      candidates = generator.distinct(min(hardCount, hard.count, candidateCount), below: hard.count).map { hard[$0] }
    }
    if candidates.isEmpty {
      candidates = generator.distinct(candidateCount, below: stories.count - own.count)
        .map { Self.skipping(own, $0) }
    } else {
      fill(&candidates, excluding: own, &generator)
    }
    let slot = generator.uniform(below: candidateCount)
    candidates[slot] = storyOfPair[pair]
    return SampledContext(pair: pair, candidates: candidates, matchSlot: slot)
  }

  /// Adds stories drawn from all others to the hard ones and puts all in a random order.
  private func fill(_ candidates: inout [Int], excluding own: [Int], _ generator: inout SeededGenerator) {
    let hard = candidates.sorted()
    let taken = (own + hard).sorted()
    let rest = generator.distinct(candidateCount - hard.count, below: stories.count - taken.count)
    candidates += rest.map { Self.skipping(taken, $0) }
    generator.shuffle(&candidates)
  }

  /// The `rank`-th number that is not in the ascending list `excluded`.
  private static func skipping(_ excluded: [Int], _ rank: Int) -> Int {
    var value = rank
    for other in excluded where other <= value { value += 1 }
    return value
  }

  /// Two numbers mixed into one seed (the finalizer of splitmix64).
  private static func mixed(_ seed: UInt64, _ number: UInt64) -> UInt64 {
    var z = seed &+ (number &+ 1) &* 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
