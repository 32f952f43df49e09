internal import Foundation

/// An axis from about the smallest to about the largest value, with three to seven marks at round numbers.
struct NiceAxis {
  /// Ascending; the first and the last are the ends of the axis.
  let marks: [Double]
  private let digits: Int

  /// - Parameter isWhole: only whole numbers are marked.
  init(_ low: Double, _ high: Double, isWhole: Bool = false) {
    let span = max(high - low, 1e-6)
    let magnitude = pow(10, floor(log10(span / 4)))
    let candidates = [1, 2, 5, 10].map { $0 * magnitude }
    var step = candidates.min { abs(span / $0 - 5) < abs(span / $1 - 5) } ?? magnitude
    if isWhole { step = max(1, step.rounded()) }
    let (first, last) = (floor(low / step + 1e-9), ceil(high / step - 1e-9))
    marks = (Int(first)...Int(max(last, first + 1))).map { Double($0) * step }
    digits = isWhole ? 0 : max(0, Int(-floor(log10(step))))
  }

  /// Where a value lies: 0 at the beginning of the axis, 1 at its end.
  func share(_ value: Double) -> Double {
    let (first, last) = (marks[0], marks[marks.count - 1])
    return (value - first) / (last - first)
  }

  func label(_ mark: Double) -> String { String(format: "%.\(digits)f", mark) }
}
