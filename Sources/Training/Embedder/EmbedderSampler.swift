internal import Mixers
internal import Operations

/// Draws the batches of an ``EmbedderTask``: stories, each with one or several of its queries, and shortened at random
/// where the options say so.
struct EmbedderSampler {
  var state: TextSampler.State {
    get { draws.state }
    set { draws.state = newValue }
  }

  private let configuration: MaskedMixerConfiguration
  private let endOfText: Int32?
  private let pairs: EmbedderPairs
  private let options: EmbedderTask.Options
  /// The shares of the sources of pairs, and then that of stories alone.
  private let shares: [Double]
  /// For each source the pairs of each story.
  private let pairsOfStory: [[Int: [Int]]]
  private var draws: TextSampler

  init(
    _ configuration: MaskedMixerConfiguration, endOfText: Int32?, pairs: EmbedderPairs, options: EmbedderTask.Options
  ) {
    self.configuration = configuration
    self.endOfText = endOfText
    self.pairs = pairs
    self.options = options
    let alone = pairs.sources.isEmpty ? 1 : min(max(options.selfSupervisedShare, 0), 1)
    let total = pairs.sources.reduce(0) { $0 + $1.weight }
    shares = pairs.sources.map { $0.weight / total * (1 - alone) } + [alone]
    pairsOfStory = pairs.sources.map { source in
      Dictionary(grouping: source.pairs.indices) { source.pairs[$0].story }
    }
    // Every pair counts as one.
    let counts = pairs.sources.map(\.pairs.count) + [pairs.stories.count]
    draws = TextSampler(
      lengths: counts.map { [Int](repeating: 1, count: $0) }, weights: shares,
      budget: max(1, options.batch / options.queriesPerStory), seed: Seeds.mixed(options.seed, 2))
  }

  /// How many batches go through the first source `epochs` times.
  func batches(epochs: Double) -> Int { draws.batches(epochs: epochs) }

  /// The next batch; what is random in it depends on the step and the seed alone.
  mutating func next(step: Int) throws -> EmbedderBatch {
    var batch = EmbedderBatch()
    var generator = SeededGenerator(seed: Seeds.mixed(options.seed, 4, UInt64(step)))
    var negatives: [Int] = []
    for draw in draws.next() {
      let isAlone = draw.corpus == pairs.sources.count
      let story = isAlone ? draw.text : pairs.sources[draw.corpus].pairs[draw.text].story
      var drawn: [QueryOrigin] = [isAlone ? .stretch : .pair(source: draw.corpus, index: draw.text)]
      while drawn.count < options.queriesPerStory, let other = another(story, beside: drawn, &generator) {
        drawn.append(other)
      }
      try add(story, queries: drawn, to: &batch, &generator)
      for case .pair(let source, let index) in drawn.prefix(1) {
        let mined = pairs.sources[source].pairs[index].negatives
        let count = min(options.hardNegatives, mined.count)
        negatives += generator.distinct(count, below: max(1, mined.count)).map { mined[$0] }
      }
    }
    for story in negatives {
      let target = try window(content(of: pairs.stories[story]), &generator)
      _ = batch.addTarget(target, story: story, id: pairs.storyIDs[story])
    }
    return batch
  }

  private enum QueryOrigin: Equatable {
    case pair(source: Int, index: Int)
    /// Of the story itself.
    case stretch
  }

  /// One more query of the story, from the sources by their shares; nil where no source has another.
  private func another(_ story: Int, beside drawn: [QueryOrigin], _ generator: inout SeededGenerator) -> QueryOrigin? {
    let free = pairsOfStory.enumerated().map { source, stories in
      (stories[story] ?? []).filter { !drawn.contains(.pair(source: source, index: $0)) }
    }
    let weights = shares.indices.map { $0 < free.count && free[$0].isEmpty ? 0 : shares[$0] }
    var point = generator.unitInterval() * weights.reduce(0, +)
    guard
      let source = weights.indices.first(where: { index in
        point -= weights[index]
        return point < 0
      })
    else { return nil }
    guard source < free.count else { return .stretch }
    return .pair(source: source, index: free[source][generator.uniform(below: free[source].count)])
  }

  private func add(
    _ story: Int, queries: [QueryOrigin], to batch: inout EmbedderBatch, _ generator: inout SeededGenerator
  ) throws {
    var rest = content(of: pairs.stories[story])
    var windows: [(window: TokenWindow, id: String?, name: String)] = []
    for origin in queries {
      switch origin {
      case .pair(let source, let index):
        let pair = pairs.sources[source].pairs[index]
        windows.append((try window(content(of: pair.query), &generator), pair.id, pair.id))
      case .stretch:
        let (stretch, remaining) = options.selfSupervision.split(rest[...]) { generator.unitInterval() }
        rest = remaining
        windows.append((try window(stretch, &generator), nil, "\(pairs.storyIDs[story]) (itself)"))
      }
    }
    let isWhole = !queries.contains(.stretch)
    let target = batch.addTarget(
      try window(rest.prefix(storyLimit), &generator), story: story, id: isWhole ? pairs.storyIDs[story] : nil)
    for query in windows { batch.addQuery(query.window, of: target, id: query.id, named: query.name) }
  }

  private var storyLimit: Int {
    options.storyTokens.map { $0 - (configuration.appendsEndOfText ? 1 : 0) } ?? Int.max
  }

  /// The tokens without their end.
  private func content(of window: TokenWindow) -> [Int32] {
    Array(configuration.appendsEndOfText ? window.tokens.dropLast() : window.tokens[...])
  }

  /// With each token left out with the probability of the options.
  private func window(_ tokens: some Collection<Int32>, _ generator: inout SeededGenerator) throws -> TokenWindow {
    var kept = Array(tokens)
    if options.tokenDropout > 0 {
      kept = kept.filter { _ in generator.unitInterval() >= options.tokenDropout }
      if kept.count < 2 { kept = Array(tokens) }
    }
    return try TokenWindow(kept, endOfText: endOfText, configuration: configuration)
  }
}
