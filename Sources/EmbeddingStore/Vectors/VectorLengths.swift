internal import CKernels

/// One over the length of vectors, by which inner products become cosines.
enum VectorLengths {
  /// 1 / √(Σ x²) for each row; 0 for a row of zeros, or so short that its inverse is no float (below 3e-39).
  static func inverses(_ rows: FloatBlock, count: Int, width: Int) -> FloatBlock {
    let result = FloatBlock(count: count)
    mk_row_squares(rows.base, result.base, count, width)
    for row in 0..<count {
      let square = result.base[row]
      if square > 1e-30, square < 1e30 {
        result.base[row] = 1 / square.squareRoot()
      } else {
        // Near the ends of a float's range its squares are not to be trusted.
        let exact = Float(inverse(UnsafeBufferPointer(start: rows.base + row * width, count: width)))
        result.base[row] = exact.isFinite ? exact : 0
      }
    }
    return result
  }

  /// The same for one vector, in double precision.
  static func inverse(_ vector: UnsafeBufferPointer<Float>) -> Double {
    var square = 0.0
    for value in vector { square += Double(value) * Double(value) }
    return square > 0 ? 1 / square.squareRoot() : 0
  }
}
