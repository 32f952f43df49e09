internal import CKernels

/// Layer normalisation (Ba et al. 2016, arXiv 1607.06450) with ε = 1e-5, affine.
public enum LayerNorm {
  public static let epsilon: Float = 1e-5

  /// `y = (x − mean) / √(variance + ε) · weight + bias` for each of `rows` rows of `width` values. y may be x.
  public static func forward(
    _ x: UnsafePointer<Float>, weight: UnsafePointer<Float>, bias: UnsafePointer<Float>,
    into y: UnsafeMutablePointer<Float>, rows: Int, width: Int
  ) {
    mk_layernorm(x, weight, bias, y, nil, nil, rows, width, epsilon)
  }
}

/// The Gaussian error linear unit in its exact form, `x · Φ(x)` (Hendrycks & Gimpel 2016, arXiv 1606.08415).
public enum GELU {
  /// `x ← GELU(x + bias)`, the bias running along each row.
  public static func forward(
    _ x: UnsafeMutablePointer<Float>, addingBias bias: UnsafePointer<Float>, rows: Int, width: Int
  ) {
    mk_bias_gelu(x, bias, x, rows, width)
  }
}

/// Adding biases and checking values.
public enum Elementwise {
  /// `x[r][c] += bias[r]`
  public static func addRowBias(
    _ bias: UnsafePointer<Float>, to x: UnsafeMutablePointer<Float>, rows: Int, width: Int
  ) {
    mk_add_row_bias(x, bias, rows, width)
  }

  /// `x[r][c] += bias[c]`
  public static func addColumnBias(
    _ bias: UnsafePointer<Float>, to x: UnsafeMutablePointer<Float>, rows: Int, width: Int
  ) {
    mk_add_column_bias(x, bias, rows, width)
  }

  /// Whether no value is NaN or infinite.
  public static func allFinite(_ values: UnsafeBufferPointer<Float>) -> Bool {
    guard let base = values.baseAddress else { return true }
    return mk_all_finite(base, values.count) != 0
  }
}
