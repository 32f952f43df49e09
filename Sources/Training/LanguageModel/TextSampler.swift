internal import Operations

/// Draws batches of texts by a token budget from one or several corpora.
///
/// Each corpus is gone through in a new random order each epoch. Of several corpora the one that is furthest behind its
/// share of the tokens comes next, so that shares hold exactly and without chance.
///
/// The order depends on the seed alone; the state is a few numbers.
public struct TextSampler: Sendable {
  public struct State: Codable, Sendable, Equatable {
    /// Texts drawn so far, for each corpus.
    var drawn: [Int]
    /// Tokens drawn so far, for each corpus.
    var tokens: [Int]
  }

  /// A text: which corpus, and which of its texts.
  public struct Draw: Sendable, Equatable {
    public let corpus: Int
    public let text: Int
  }

  public var state: State
  private let lengths: [[Int]]
  private let weights: [Double]
  private let budget: Int
  private let seed: UInt64
  private var orders: [(epoch: Int, order: [Int])]

  /// - Parameters:
  ///   - lengths: of each corpus's texts, in tokens.
  ///   - weights: each corpus's share; at least one is above 0.
  ///   - budget: the most tokens of a batch, unless one text alone has more.
  public init(lengths: [[Int]], weights: [Double], budget: Int, seed: UInt64) {
    precondition(lengths.count == weights.count && lengths.allSatisfy { !$0.isEmpty } && weights.contains { $0 > 0 })
    self.lengths = lengths
    self.weights = weights
    self.budget = budget
    self.seed = seed
    state = State(drawn: lengths.map { _ in 0 }, tokens: lengths.map { _ in 0 })
    orders = lengths.map { _ in (-1, []) }
  }

  /// The next batch, never empty.
  public mutating func next() -> [Draw] {
    var batch: [Draw] = []
    var total = 0
    while true {
      let draw = peek()
      let length = lengths[draw.corpus][draw.text]
      if !batch.isEmpty, total + length > budget { return batch }
      batch.append(draw)
      total += length
      state.drawn[draw.corpus] += 1
      state.tokens[draw.corpus] += length
    }
  }

  /// How many batches go through the first corpus `epochs` times, the last perhaps beyond.
  public func batches(epochs: Double) -> Int {
    var copy = self
    let goal = Int((epochs * Double(lengths[0].count)).rounded(.up))
    var batches = 0
    while copy.state.drawn[0] < goal {
      _ = copy.next()
      batches += 1
    }
    return max(1, batches)
  }

  /// The text that comes next.
  private mutating func peek() -> Draw {
    // A corpus without a share never comes.
    let used = lengths.indices.filter { weights[$0] > 0 }
    var corpus = used[0]
    for other in used.dropFirst()
    where Double(state.tokens[other]) / weights[other] < Double(state.tokens[corpus]) / weights[corpus] {
      corpus = other
    }
    let count = lengths[corpus].count
    let epoch = state.drawn[corpus] / count
    if orders[corpus].epoch != epoch {
      var generator = SeededGenerator(seed: Seeds.mixed(seed, UInt64(corpus), UInt64(epoch)))
      var order = Array(0..<count)
      generator.shuffle(&order)
      orders[corpus] = (epoch, order)
    }
    return Draw(corpus: corpus, text: orders[corpus].order[state.drawn[corpus] % count])
  }
}

/// Seeds for the parts of a run, derived from the run's own.
enum Seeds {
  /// Numbers mixed into one seed (the finalizer of splitmix64).
  static func mixed(_ numbers: UInt64...) -> UInt64 {
    var seed: UInt64 = 0x243F_6A88_85A3_08D3
    for number in numbers {
      var z = (seed ^ number) &+ 0x9E37_79B9_7F4A_7C15
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      seed = z ^ (z >> 31)
    }
    return seed
  }
}
