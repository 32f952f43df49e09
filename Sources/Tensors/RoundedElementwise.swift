internal import CKernels

/// What happens in bfloat16 between two products of a training step. Matrices are row-major and contiguous,
/// `rows × width`; gradients of parameters accumulate, in float32.
public enum RoundedElementwise {
  /// `out ← GELU(pre)`
  public static func geluForward(
    _ pre: UnsafePointer<BFloat16>, into out: UnsafeMutablePointer<BFloat16>, count: Int
  ) {
    mk_gelu_rounded(pre, out, count)
  }

  /// `pre ← GELU(pre)`, `gradient ← gradient · GELU′(pre)`, and the column sums of that are added to dbias.
  public static func geluBackward(
    _ pre: UnsafeMutablePointer<BFloat16>, gradient: UnsafeMutablePointer<BFloat16>,
    bias dbias: UnsafeMutablePointer<Float>, rows: Int, width: Int
  ) {
    mk_gelu_backward_rounded(pre, gradient, dbias, rows, width)
  }

  /// The same values are set to 0 as by ``GradientScalar/dropOut(_:count:_:)``.
  public static func dropOut(_ x: UnsafeMutablePointer<BFloat16>, count: Int, _ mask: DropoutMask) {
    mk_dropout_rounded(x, count, mask.key, mask.threshold, mask.scale)
  }

  /// As ``GradientScalar/softmaxCrossEntropy(_:targets:rows:width:scale:)`` with the gradient written to `gradient`;
  /// the logits are used up.
  public static func softmaxCrossEntropy(
    _ logits: UnsafeMutablePointer<Float>, gradient: UnsafeMutablePointer<BFloat16>, targets: UnsafePointer<Int32>,
    rows: Int, width: Int, scale: Float
  ) -> Double {
    mk_softmax_cross_entropy_rounded(logits, gradient, targets, rows, width, scale)
  }

  /// `sums[r] += Σ_c x[r][c] · weight[c]`
  public static func addRowDots(
    _ x: UnsafePointer<BFloat16>, _ weight: UnsafePointer<Float>, to sums: UnsafeMutablePointer<Float>, rows: Int,
    width: Int
  ) {
    mk_add_row_dots_rounded(x, weight, sums, rows, width)
  }

  /// `sums[c] += Σ_r weight[r] · x[r][c]`
  public static func addWeightedRows(
    _ x: UnsafePointer<BFloat16>, _ weight: UnsafePointer<Float>, to sums: UnsafeMutablePointer<Float>, rows: Int,
    width: Int
  ) {
    mk_add_weighted_rows_rounded(x, weight, sums, rows, width)
  }

  /// `out[r][c] = a[r] · b[c]`
  public static func outer(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, into out: UnsafeMutablePointer<BFloat16>, rows: Int,
    width: Int
  ) {
    mk_outer_rounded(a, b, out, rows, width)
  }
}
