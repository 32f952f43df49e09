/// The products with a learned matrix, in the three forms that a mixer uses.
public enum LinearProduct {
  /// `y ← x · Wᵀ + beta · y`, for a weight `W (outputs, inputs)` as PyTorch stores it. x: `rows × inputs`,
  /// y: `rows × outputs`. For a matrix that is used often, see ``PackedWeights``.
  public static func apply<Scalar: TensorScalar>(
    _ x: UnsafePointer<Scalar>, weight: UnsafePointer<Scalar>, into y: UnsafeMutablePointer<Scalar>,
    rows: Int, inputs: Int, outputs: Int, beta: Scalar
  ) {
    Scalar.multiply(
      x, transposeA: false, strideA: inputs, weight, transposeB: true, strideB: inputs, into: y, strideC: outputs,
      rows: rows, columns: outputs, depth: inputs, alpha: 1, beta: beta)
  }

  /// `x ← x + W · y`: token mixing with all positions. W: `positions × positions` with `stride` between its rows,
  /// x and y: `positions × width`.
  public static func mix<Scalar: TensorScalar>(
    weight: UnsafePointer<Scalar>, stride: Int, _ y: UnsafePointer<Scalar>, addingTo x: UnsafeMutablePointer<Scalar>,
    rows: Int, positions: Int, width: Int
  ) {
    Scalar.multiply(
      weight, transposeA: false, strideA: stride, y, transposeB: false, strideB: width, into: x, strideC: width,
      rows: rows, columns: width, depth: positions, alpha: 1, beta: 1)
  }

  /// `x ← x + tril(W) · y`: causal token mixing. `weight` has zeros above its diagonal; most of the products with
  /// them are left out by going through the rows in blocks, each of which reads only the positions up to its end.
  public static func mixCausally<Scalar: TensorScalar>(
    weight: UnsafePointer<Scalar>, stride: Int, _ y: UnsafePointer<Scalar>, addingTo x: UnsafeMutablePointer<Scalar>,
    positions: Int, width: Int
  ) {
    let block = 64
    for start in Swift.stride(from: 0, to: positions, by: block) {
      let end = min(start + block, positions)
      mix(
        weight: weight + start * stride, stride: stride, y, addingTo: x + start * width, rows: end - start,
        positions: end, width: width)
    }
  }
}
