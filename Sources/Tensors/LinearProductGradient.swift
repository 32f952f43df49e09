/// The backward passes of the products in ``LinearProduct``.
extension LinearProduct {
  /// `y ← x · Wᵀ + beta · y` as ``apply(_:weight:into:rows:inputs:outputs:beta:)``, for Wᵀ (inputs, outputs): which the
  /// matrix library multiplies faster than W.
  public static func apply<Scalar: TensorScalar>(
    _ x: UnsafePointer<Scalar>, transposedWeight: UnsafePointer<Scalar>, into y: UnsafeMutablePointer<Scalar>,
    rows: Int, inputs: Int, outputs: Int, beta: Scalar
  ) {
    Scalar.multiply(
      x, transposeA: false, strideA: inputs, transposedWeight, transposeB: false, strideB: outputs, into: y,
      strideC: outputs, rows: rows, columns: outputs, depth: inputs, alpha: 1, beta: beta)
  }

  /// For `y = x · Wᵀ`: `dW += dyᵀ · x`. dy: `rows × outputs`, x: `rows × inputs`, dW: `outputs × inputs`.
  public static func addWeightGradient<Scalar: TensorScalar>(
    _ dy: UnsafePointer<Scalar>, _ x: UnsafePointer<Scalar>, to dW: UnsafeMutablePointer<Scalar>, rows: Int,
    inputs: Int, outputs: Int
  ) {
    Scalar.multiply(
      dy, transposeA: true, strideA: outputs, x, transposeB: false, strideB: inputs, into: dW, strideC: inputs,
      rows: outputs, columns: inputs, depth: rows, alpha: 1, beta: 1)
  }

  /// For `y = x · Wᵀ`: `dx ← dy · W + beta · dx`.
  public static func inputGradient<Scalar: TensorScalar>(
    _ dy: UnsafePointer<Scalar>, weight: UnsafePointer<Scalar>, into dx: UnsafeMutablePointer<Scalar>, rows: Int,
    inputs: Int, outputs: Int, beta: Scalar
  ) {
    Scalar.multiply(
      dy, transposeA: false, strideA: outputs, weight, transposeB: false, strideB: inputs, into: dx, strideC: inputs,
      rows: rows, columns: inputs, depth: outputs, alpha: 1, beta: beta)
  }

  /// For `x + W · y`: `dW += dx · yᵀ`, where dx has `rows` rows and y has `positions`.
  public static func addMixingGradient<Scalar: TensorScalar>(
    _ dx: UnsafePointer<Scalar>, _ y: UnsafePointer<Scalar>, to dW: UnsafeMutablePointer<Scalar>, stride: Int,
    rows: Int, positions: Int, width: Int
  ) {
    Scalar.multiply(
      dx, transposeA: false, strideA: width, y, transposeB: true, strideB: width, into: dW, strideC: stride,
      rows: rows, columns: positions, depth: width, alpha: 1, beta: 1)
  }

  /// For `x + W · y`: `dy ← Wᵀ · dx`, where dx has `rows` rows and dy has `positions`.
  public static func mixingInputGradient<Scalar: TensorScalar>(
    _ dx: UnsafePointer<Scalar>, weight: UnsafePointer<Scalar>, stride: Int, into dy: UnsafeMutablePointer<Scalar>,
    rows: Int, positions: Int, width: Int
  ) {
    Scalar.multiply(
      weight, transposeA: true, strideA: stride, dx, transposeB: false, strideB: width, into: dy, strideC: width,
      rows: positions, columns: width, depth: rows, alpha: 1, beta: 0)
  }

  /// Positions in a block of the causal products: small enough to leave out most of the upper triangle, large enough
  /// for worthwhile products.
  private static var causalBlock: Int { 64 }

  /// For `x + tril(W) · y`: as ``addMixingGradient(_:_:to:stride:rows:positions:width:)``. Values that belong to no
  /// weight appear just above the diagonal; the caller clears them once all texts have been added.
  public static func addCausalMixingGradient<Scalar: TensorScalar>(
    _ dx: UnsafePointer<Scalar>, _ y: UnsafePointer<Scalar>, to dW: UnsafeMutablePointer<Scalar>, stride: Int,
    positions: Int, width: Int
  ) {
    for start in Swift.stride(from: 0, to: positions, by: causalBlock) {
      let end = min(start + causalBlock, positions)
      addMixingGradient(
        dx + start * width, y, to: dW + start * stride, stride: stride, rows: end - start, positions: end, width: width)
    }
  }

  /// For `x + tril(W) · y`: `dy ← tril(W)ᵀ · dx`. `weight` has zeros above its diagonal.
  public static func causalMixingInputGradient<Scalar: TensorScalar>(
    _ dx: UnsafePointer<Scalar>, weight: UnsafePointer<Scalar>, stride: Int, into dy: UnsafeMutablePointer<Scalar>,
    positions: Int, width: Int
  ) {
    for start in Swift.stride(from: 0, to: positions, by: causalBlock) {
      let end = min(start + causalBlock, positions)
      mixingInputGradient(
        dx + start * width, weight: weight + start * stride + start, stride: stride, into: dy + start * width,
        rows: positions - start, positions: end - start, width: width)
    }
  }
}
