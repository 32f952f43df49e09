internal import Foundation
public import Mixers
internal import Tensors

/// How well queries find their stories by the cosine of their embeddings.
public struct EmbedderEvaluation: Sendable {
  private let queries: [TokenWindow]
  private let stories: [TokenWindow]
  private let answers: [Int]

  /// - Parameters:
  ///   - stories: all that compete.
  ///   - answers: for each query the index of its story.
  public init(queries: [TokenWindow], stories: [TokenWindow], answers: [Int]) {
    precondition(queries.count == answers.count && !queries.isEmpty)
    self.queries = queries
    self.stories = stories
    self.answers = answers
  }

  /// accuracy@1 and MRR over all the stories, and the expected accuracy among the story and 126 others.
  ///
  /// - Throws: nothing but what embedding throws.
  public func evaluate(_ model: MaskedMixer, threads: Int) throws -> Evaluation {
    let embedded = try model.embed(queries + stories, threads: threads)
    let ranks = embedded.withUnsafeBufferPointer { embedded -> [Int] in
      guard let base = embedded.baseAddress else { return [] }
      let q = UnitRows<Float>(base, rows: queries.count, width: model.width)
      let t = UnitRows<Float>(base + queries.count * model.width, rows: stories.count, width: model.width)
      var scores = [Float](repeating: 0, count: queries.count * stories.count)
      LinearProduct.apply(
        q.rows, weight: t.rows, into: &scores, rows: queries.count, inputs: model.width, outputs: stories.count, beta: 0
      )
      return answers.enumerated().map { query, answer in
        let own = scores[query * stories.count..<(query + 1) * stories.count]
        let score = own[own.startIndex + answer]
        return own.count { $0 > score }
      }
    }
    return Self.figures(betterStories: ranks, stories: stories.count)
  }

  /// - Parameter betterStories: for each query how many stories score higher than its own.
  static func figures(betterStories: [Int], stories: Int) -> Evaluation {
    let count = Double(betterStories.count)
    let others = min(126, stories - 1)
    let narrow = betterStories.reduce(0) { $0 + winChance(better: $1, all: stories - 1, drawn: others) } / count
    let mrr = betterStories.reduce(0) { $0 + 1 / Double($1 + 1) } / count
    return Evaluation(
      figures: [
        "accuracy@1": Double(betterStories.count { $0 == 0 }) / count, "mrr": mrr, "top-1 of \(others + 1)": narrow,
      ], score: mrr)
  }

  /// The chance that none of the `better` stories is among `drawn` of `all`: exact, instead of drawing at random.
  static func winChance(better: Int, all: Int, drawn: Int) -> Double {
    guard better + drawn <= all else { return 0 }
    return (0..<drawn).reduce(1) { $0 * Double(all - better - $1) / Double(all - $1) }
  }
}
