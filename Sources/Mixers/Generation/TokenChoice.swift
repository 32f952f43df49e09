internal import Foundation
internal import Operations

/// How the next token is chosen from its logits.
public enum TokenChoice: Sendable, Equatable {
  /// The likeliest; of equals the first.
  case greedy
  /// Drawn from the softmax at `temperature`, among the `top` likeliest (nil: all), which together hold at least
  /// `mass` of the probability (nucleus sampling, Holtzman et al. 2020, arXiv 1904.09751; 1: all).
  case sampled(temperature: Double, top: Int? = nil, mass: Double = 1)

  func token(_ logits: [Float], _ generator: inout SeededGenerator) -> Int32 {
    guard case .sampled(let temperature, let top, let mass) = self, temperature > 0 else {
      return Int32(logits.indices.max { (logits[$0], $1) < (logits[$1], $0) } ?? 0)
    }
    let order = logits.indices.sorted { (logits[$0], $1) > (logits[$1], $0) }.prefix(top ?? logits.count)
    let largest = Double(logits[order[order.startIndex]])
    var weights = order.map { exp((Double(logits[$0]) - largest) / temperature) }
    let total = weights.reduce(0, +)
    var kept = 0.0
    if let end = weights.firstIndex(where: {
      kept += $0 / total; return kept >= mass
    }) {
      weights.removeSubrange((end + 1)...)
    }
    var draw = generator.unitInterval() * weights.reduce(0, +)
    for (token, weight) in zip(order, weights) {
      draw -= weight
      if draw < 0 { return Int32(token) }
    }
    return Int32(order[order.startIndex])
  }
}
