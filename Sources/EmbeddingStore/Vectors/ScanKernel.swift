internal import CKernels

/// Scores of many rows against one query: the one place that knows how stored rows are multiplied.
///
/// Rows in another form (int8, bfloat16) would be a second kernel with the same two calls.
enum ScanKernel {
  /// scores[r] = query · row r. `query` has `width` values, `rows` and `scores` hold `count` rows and scores.
  static func innerProducts(
    _ query: UnsafePointer<Float>, rows: UnsafePointer<Float>, scores: UnsafeMutablePointer<Float>, count: Int,
    width: Int
  ) {
    mk_inner_products(query, rows, scores, count, width)
  }

  /// scores[r] = scores[r] · factors[r]
  static func multiply(_ scores: UnsafeMutablePointer<Float>, by factors: UnsafePointer<Float>, count: Int) {
    mk_multiply(scores, factors, count)
  }

  /// 1 / √(Σ x²) for each row; 0 for a row of zeros, or so short that its inverse is no float (below 3e-39).
  static func inverseLengths(_ rows: FloatBlock, count: Int, width: Int) -> FloatBlock {
    let result = FloatBlock(count: count)
    mk_row_squares(rows.base, result.base, count, width)
    for row in 0..<count {
      let square = result.base[row]
      if square > 1e-30, square < 1e30 {
        result.base[row] = 1 / square.squareRoot()
      } else {
        // Near the ends of a float's range its squares are not to be trusted.
        let exact = Float(inverseLength(UnsafeBufferPointer(start: rows.base + row * width, count: width)))
        result.base[row] = exact.isFinite ? exact : 0
      }
    }
    return result
  }

  /// The same for one vector, in double precision.
  static func inverseLength(_ vector: UnsafeBufferPointer<Float>) -> Double {
    var square = 0.0
    for value in vector { square += Double(value) * Double(value) }
    return square > 0 ? 1 / square.squareRoot() : 0
  }
}
