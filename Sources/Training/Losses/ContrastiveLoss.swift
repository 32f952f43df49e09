internal import Foundation
public import Tensors

/// InfoNCE over in-batch negatives (van den Oord et al. 2018, arXiv 1807.03748) in both directions with a learned
/// temperature (Radford et al. 2021, arXiv 2103.00020): with unit rows q̂ and t̂ and S = eˢ · q̂ t̂ᵀ,
///
///     loss = ½ · mean_i CE(S[i, :], p(i)) + ½ · mean_i CE(S[:, p(i)], i)
///
/// where p(i) is the target of query i: several queries may share one. Targets without a query are hard negatives: more
/// columns for every query.
public struct ContrastiveLoss<Scalar: GradientScalar> {
  public struct Result {
    /// The mean of both directions.
    public var loss: Double
    /// For how many queries the own target is the nearest of all.
    public var correct: Int
    /// dloss/ds.
    public var logScaleGradient: Double
  }

  /// The largest s, as in CLIP: a temperature of 1/100.
  public static var largestLogScale: Double { log(100) }

  private let width: Int
  /// For each query its own row of targets.
  private let positives: [Int]
  private let groups: [Int]
  private var pairs: Int { positives.count }
  private var columns: Int { groups.count }

  /// - Parameters:
  ///   - positives: for each query the row of targets that it belongs to.
  ///   - groups: for each row of targets what it is (a story's number). Neither rows of one group nor their queries are
  ///     each other's negatives, so that a story that comes twice is not pushed away from its own query.
  public init(width: Int, positives: [Int], groups: [Int]) {
    precondition(!positives.isEmpty && positives.allSatisfy { groups.indices.contains($0) })
    self.width = width
    self.positives = positives
    self.groups = groups
  }

  /// Query i belongs to row i of targets; the rows beyond the pairs are hard negatives.
  public init(width: Int, pairs: Int, groups: [Int]) {
    self.init(width: width, positives: Array(0..<pairs), groups: groups)
  }

  /// - Parameters:
  ///   - queries: pairs × D.
  ///   - targets: groups.count × D.
  ///   - queryGradient: overwritten, as is `targetGradient`.
  public func callAsFunction(
    queries: UnsafePointer<Scalar>, targets: UnsafePointer<Scalar>, logScale: Double,
    queryGradient: UnsafeMutablePointer<Scalar>, targetGradient: UnsafeMutablePointer<Scalar>
  ) -> Result {
    let q = UnitRows(queries, rows: pairs, width: width)
    let t = UnitRows(targets, rows: columns, width: width)
    let scale = Scalar(exp(logScale))
    var cosines = [Scalar](repeating: 0, count: pairs * columns)
    LinearProduct.apply(
      q.rows, weight: t.rows, into: &cosines, rows: pairs, inputs: width, outputs: columns, beta: 0)

    var forward = cosines.map { $0 * scale }
    // Row i of the other direction: every query's score for the target of query i.
    var backward = [Scalar](repeating: 0, count: pairs * pairs)
    for (row, positive) in positives.enumerated() {
      for query in 0..<pairs { backward[row * pairs + query] = forward[query * columns + positive] }
    }
    exclude(&forward, width: columns, own: positives, groups: groups)
    exclude(&backward, width: pairs, own: Array(0..<pairs), groups: positives.map { groups[$0] })
    let correct = (0..<pairs).count { row in
      let scores = forward[row * columns..<(row + 1) * columns]
      return !scores.contains { $0 > scores[scores.startIndex + positives[row]] }
    }

    let share = Scalar(0.5 / Double(pairs))
    let loss =
      Scalar.softmaxCrossEntropy(
        &forward, targets: positives.map { Int32($0) }, rows: pairs, width: columns, scale: share)
      + Scalar.softmaxCrossEntropy(
        &backward, targets: (0..<Int32(pairs)).map { $0 }, rows: pairs, width: pairs, scale: share)
    // Both directions' gradients of S, and then those of the cosines.
    for (row, positive) in positives.enumerated() {
      for query in 0..<pairs { forward[query * columns + positive] += backward[row * pairs + query] }
    }
    var logScaleGradient = 0.0
    for index in forward.indices {
      forward[index] *= scale
      logScaleGradient += Double(forward[index] * cosines[index])
    }
    LinearProduct.inputGradient(
      forward, weight: t.rows, into: queryGradient, rows: pairs, inputs: width, outputs: columns, beta: 0)
    targetGradient.update(repeating: 0, count: columns * width)
    LinearProduct.addWeightGradient(
      forward, q.rows, to: targetGradient, rows: pairs, inputs: width, outputs: columns)
    q.backward(queryGradient)
    t.backward(targetGradient)
    return Result(loss: loss * 0.5 / Double(pairs), correct: correct, logScaleGradient: logScaleGradient)
  }

  /// Takes the others of a row's own group out of its softmax.
  ///
  /// - Parameters:
  ///   - own: for each row the column that it is to choose.
  ///   - groups: of the columns.
  private func exclude(_ logits: inout [Scalar], width: Int, own: [Int], groups: [Int]) {
    var members: [Int: [Int]] = [:]
    for (column, group) in groups.enumerated() { members[group, default: []].append(column) }
    for (row, column) in own.enumerated() {
      for other in members[groups[column], default: []] where other != column { logits[row * width + other] = -1e9 }
    }
  }
}

/// The rows of a matrix divided by their lengths, and the way back.
struct UnitRows<Scalar: GradientScalar> {
  private(set) var rows: [Scalar]
  private var lengths: [Scalar] = []
  private let width: Int

  init(_ matrix: UnsafePointer<Scalar>, rows count: Int, width: Int) {
    self.width = width
    rows = Array(UnsafeBufferPointer(start: matrix, count: count * width))
    for row in 0..<count {
      let length = max(Scalar(Scalar.sumOfSquares(matrix + row * width, count: width)).squareRoot(), 1e-12)
      lengths.append(length)
      for index in row * width..<(row + 1) * width { rows[index] /= length }
    }
  }

  /// Turns the gradient of the unit rows into that of the rows: `(g − x̂ (x̂ · g)) / |x|`.
  func backward(_ gradient: UnsafeMutablePointer<Scalar>) {
    for (row, length) in lengths.enumerated() {
      let range = row * width..<(row + 1) * width
      let product = range.reduce(Scalar(0)) { $0 + rows[$1] * gradient[$1] }
      for index in range { gradient[index] = (gradient[index] - rows[index] * product) / length }
    }
  }
}
