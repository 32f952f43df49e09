public import Mixers

/// Pairs that belong together: a query and the story that answers it.
public struct EmbedderPairs: Sendable {
  public struct Pair: Sendable {
    public let id: String
    public let query: TokenWindow
    /// An index into ``stories``.
    public let story: Int
    /// Stories that are close but wrong, as indices into ``stories``.
    public let negatives: [Int]

    public init(id: String, query: TokenWindow, story: Int, negatives: [Int] = []) {
      self.id = id
      self.query = query
      self.story = story
      self.negatives = negatives
    }
  }

  /// Pairs of one origin, with the share of the batches that they shall make up.
  public struct Source: Sendable {
    public let pairs: [Pair]
    /// Relative to the other sources; by default the number of pairs.
    public let weight: Double

    public init(_ pairs: [Pair], weight: Double? = nil) {
      self.pairs = pairs
      self.weight = weight ?? Double(pairs.count)
    }
  }

  /// The distinct stories.
  public let stories: [TokenWindow]
  public let storyIDs: [String]
  /// An epoch goes through the first of them.
  public let sources: [Source]

  public init(stories: [TokenWindow], storyIDs: [String], sources: [Source]) {
    precondition(stories.count == storyIDs.count)
    self.stories = stories
    self.storyIDs = storyIDs
    self.sources = sources.filter { !$0.pairs.isEmpty && $0.weight > 0 }
  }
}

/// Pairs made of stories alone: a stretch of a story and the rest of it (the inverse cloze task of Lee et al. 2019,
/// arXiv 1906.00300).
public struct SelfSupervision: Sendable, Equatable {
  /// The stretch's length in tokens, at most half of the story.
  public var spanTokens = 8...48
  /// How often the stretch is missing from the story; otherwise the pair teaches to match words.
  public var removalShare = 0.9

  public init() {}

  /// The stretch and the rest, as tokens without their end. `unit` gives uniform numbers in [0, 1).
  func split(_ story: ArraySlice<Int32>, unit: () -> Double) -> (span: [Int32], rest: [Int32]) {
    func draw(_ range: ClosedRange<Int>) -> Int { range.lowerBound + Int(unit() * Double(range.count)) }
    let most = max(1, min(spanTokens.upperBound, story.count / 2))
    let length = draw(min(spanTokens.lowerBound, most)...most)
    let start = story.startIndex + draw(0...(story.count - length))
    let isRemoved = unit() < removalShare && story.count - length >= 2
    let rest = isRemoved ? story[..<start] + story[(start + length)...] : story
    return (Array(story[start..<start + length]), Array(rest))
  }
}
