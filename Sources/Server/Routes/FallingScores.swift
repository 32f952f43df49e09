internal import Foundation
internal import Retrieval

/// One list of scores for a ranking that a tournament made in several rounds.
///
/// The retrieval mixer's scores mean something only within a round (DESIGN §4), so a candidate that went far can have
/// a lower score than one that was left behind. Both scales below keep the ranking's order and fall strictly from each
/// place to the next (by one unit in the last place where the model sees no difference).
enum FallingScores {
  /// From 0 to 1: with one round (up to C − 1 texts), the softmax over the scores, which is what the model was trained
  /// to give: the probability that a text is the one described, given that one of them is. With R rounds, round r has
  /// the part from (r − 1) / R to r / R, and the softmax over those whose last round it was says where in it.
  static func probabilities(_ ranking: [Reranker.Result]) -> [Double] {
    let rounds = Double(ranking.first?.round ?? 1)
    let parts = Dictionary(grouping: ranking, by: \.round).mapValues { results in
      // The best of a round stands first.
      let highest = Double(results[0].score)
      return (highest: highest, sum: results.reduce(0) { $0 + exp(Double($1.score) - highest) })
    }
    return strictlyFalling(
      ranking.map { result in
        guard let part = parts[result.round] else { return 0 }
        let share = exp(Double(result.score) - part.highest) / part.sum
        return (Double(result.round - 1) + share) / rounds
      })
  }

  /// The model's own scores in the last round; those of each earlier round are moved together, so that its best
  /// stands 1 below the worst of the round above it.
  static func raw(_ ranking: [Reranker.Result]) -> [Double] {
    var round = ranking.first?.round
    var shift = 0.0
    var lowest = 0.0
    return strictlyFalling(
      ranking.map { result in
        if result.round != round {
          round = result.round
          shift = lowest - 1 - Double(result.score)
        }
        lowest = Double(result.score) + shift
        return lowest
      })
  }

  private static func strictlyFalling(_ scores: [Double]) -> [Double] {
    var previous = Double.infinity
    return scores.map { score in
      previous = min(score, previous.nextDown)
      return previous
    }
  }
}
