internal import CKernels
internal import Foundation

extension Float: GradientScalar {
  public static func layerNormForward(
    _ x: UnsafePointer<Float>, weight: UnsafePointer<Float>, bias: UnsafePointer<Float>,
    into y: UnsafeMutablePointer<Float>, mean: UnsafeMutablePointer<Float>, rstd: UnsafeMutablePointer<Float>,
    rows: Int, width: Int
  ) {
    mk_layernorm(x, weight, bias, y, mean, rstd, rows, width, LayerNorm.epsilon)
  }

  public static func layerNormAgain(
    _ x: UnsafePointer<Float>, weight: UnsafePointer<Float>, bias: UnsafePointer<Float>, mean: UnsafePointer<Float>,
    rstd: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, rows: Int, width: Int
  ) {
    mk_layernorm_again(x, weight, bias, mean, rstd, y, rows, width)
  }

  public static func layerNormBackward(
    _ x: UnsafePointer<Float>, weight: UnsafePointer<Float>, mean: UnsafePointer<Float>, rstd: UnsafePointer<Float>,
    gradient dy: UnsafePointer<Float>, addingTo dx: UnsafeMutablePointer<Float>,
    weight dweight: UnsafeMutablePointer<Float>, bias dbias: UnsafeMutablePointer<Float>, rows: Int, width: Int
  ) {
    mk_layernorm_backward(x, weight, mean, rstd, dy, dx, dweight, dbias, rows, width)
  }

  public static func geluForward(
    _ pre: UnsafeMutablePointer<Float>, addingBias bias: UnsafePointer<Float>, into out: UnsafeMutablePointer<Float>,
    rows: Int, width: Int
  ) {
    mk_bias_gelu(pre, bias, out, rows, width)
  }

  public static func geluBackward(
    _ pre: UnsafeMutablePointer<Float>, gradient: UnsafeMutablePointer<Float>, bias dbias: UnsafeMutablePointer<Float>,
    rows: Int, width: Int
  ) {
    mk_gelu_backward(pre, gradient, dbias, rows, width)
  }

  public static func addRowBias(
    _ x: UnsafePointer<Float>, _ bias: UnsafePointer<Float>, into out: UnsafeMutablePointer<Float>, rows: Int,
    width: Int
  ) {
    mk_with_row_bias(x, bias, out, rows, width)
  }

  public static func addColumnBias(
    _ x: UnsafePointer<Float>, _ bias: UnsafePointer<Float>, into out: UnsafeMutablePointer<Float>, rows: Int,
    width: Int
  ) {
    mk_with_column_bias(x, bias, out, rows, width)
  }

  public static func addRowSums(
    _ x: UnsafePointer<Float>, to sums: UnsafeMutablePointer<Float>, rows: Int, width: Int
  ) {
    mk_add_row_sums(x, sums, rows, width)
  }

  public static func addColumnSums(
    _ x: UnsafePointer<Float>, to sums: UnsafeMutablePointer<Float>, rows: Int, width: Int
  ) {
    mk_add_column_sums(x, sums, rows, width)
  }

  public static func transpose(
    _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, rows: Int, columns: Int
  ) {
    mk_transpose(x, y, rows, columns)
  }

  public static func accumulate(_ y: UnsafePointer<Float>, to x: UnsafeMutablePointer<Float>, count: Int) {
    mk_accumulate(x, y, count)
  }

  public static func softmaxCrossEntropy(
    _ logits: UnsafeMutablePointer<Float>, targets: UnsafePointer<Int32>, rows: Int, width: Int, scale: Float
  ) -> Double {
    mk_softmax_cross_entropy(logits, targets, rows, width, scale)
  }

  public static func dropOut(_ x: UnsafeMutablePointer<Float>, count: Int, _ mask: DropoutMask) {
    mk_dropout(x, count, mask.key, mask.threshold, mask.scale)
  }

  public static func takeGradient(
    _ y: UnsafeMutablePointer<Float>, into x: UnsafeMutablePointer<Float>, count: Int
  ) -> Double {
    mk_take_gradient(x, y, count)
  }

  public static func sumOfSquares(_ x: UnsafePointer<Float>, count: Int) -> Double {
    mk_sum_of_squares(x, count)
  }

  public static func adamW(
    _ parameters: UnsafeMutablePointer<Float>, gradient: UnsafeMutablePointer<Float>,
    first: UnsafeMutablePointer<Float>, second: UnsafeMutablePointer<Float>, count: Int, _ step: AdamWStep
  ) {
    let root = 1 / (1 - pow(step.beta2, Double(step.number))).squareRoot()
    mk_adamw(
      parameters, gradient, first, second, count, Float(step.gradientScale), Float(step.beta1), Float(step.beta2),
      Float(step.epsilon), Float(1 - step.learningRate * step.decay),
      Float(step.learningRate / (1 - pow(step.beta1, Double(step.number)))), Float(root))
  }
}
