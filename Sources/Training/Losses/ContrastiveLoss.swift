internal import Foundation
public import Tensors

/// InfoNCE over in-batch negatives (van den Oord et al. 2018, arXiv 1807.03748) in both directions with a learned
/// temperature (Radford et al. 2021, arXiv 2103.00020): with unit rows q̂ and t̂ and S = eˢ · q̂ t̂ᵀ,
///
///     loss = ½ · mean_i CE(S[i, :], i) + ½ · mean_i CE(S[:B, i], i)
///
/// Rows of `targets` beyond the B pairs are hard negatives: more columns for every query, no rows.
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
  private let pairs: Int
  private let columns: Int
  private let groups: [Int]

  /// - Parameter groups: for each row of targets what it is (a story's number). Rows of one group are never each
  ///   other's negatives, so that a story that comes twice is not pushed away from its own query.
  public init(width: Int, pairs: Int, groups: [Int]) {
    precondition(pairs > 0 && groups.count >= pairs)
    self.width = width
    self.pairs = pairs
    columns = groups.count
    self.groups = groups
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
    exclude(&forward, columns: columns)
    let correct = (0..<pairs).count { row in
      let own = forward[row * columns..<(row + 1) * columns]
      return !own.contains { $0 > own[own.startIndex + row] }
    }
    var backward = [Scalar](repeating: 0, count: pairs * pairs)
    for row in 0..<pairs {
      for column in 0..<pairs { backward[row * pairs + column] = forward[column * columns + row] }
    }

    let diagonal = (0..<Int32(pairs)).map { $0 }
    let share = Scalar(0.5 / Double(pairs))
    let loss =
      Scalar.softmaxCrossEntropy(&forward, targets: diagonal, rows: pairs, width: columns, scale: share)
      + Scalar.softmaxCrossEntropy(&backward, targets: diagonal, rows: pairs, width: pairs, scale: share)
    // Both directions' gradients of S, and then those of the cosines.
    for row in 0..<pairs {
      for column in 0..<pairs { forward[column * columns + row] += backward[row * pairs + column] }
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

  /// Takes other rows of a query's own group out of its softmax.
  private func exclude(_ logits: inout [Scalar], columns: Int) {
    var members: [Int: [Int]] = [:]
    for (column, group) in groups.enumerated() { members[group, default: []].append(column) }
    for row in 0..<pairs {
      for column in members[groups[row], default: []] where column != row { logits[row * columns + column] = -1e9 }
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
