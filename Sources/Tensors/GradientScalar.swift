/// A number that a mixer can be trained with: `Float` through the kernels in C, `Double` through plain loops, which
/// are the definition that the kernels are held against and what finite differences run in.
///
/// Every operation stands beside its backward pass. Gradients of parameters accumulate. Matrices are row-major and
/// contiguous, `rows × width`.
public protocol GradientScalar: TensorScalar {
  /// `y = (x − mean) · rstd · weight + bias` for each row, with `rstd = 1 / √(variance + 1e-5)`; `mean` and `rstd`
  /// (one a row) are kept for the backward pass.
  static func layerNormForward(
    _ x: UnsafePointer<Self>, weight: UnsafePointer<Self>, bias: UnsafePointer<Self>,
    into y: UnsafeMutablePointer<Self>, mean: UnsafeMutablePointer<Self>, rstd: UnsafeMutablePointer<Self>,
    rows: Int, width: Int)

  /// The same y again, from what was kept.
  static func layerNormAgain(
    _ x: UnsafePointer<Self>, weight: UnsafePointer<Self>, bias: UnsafePointer<Self>, mean: UnsafePointer<Self>,
    rstd: UnsafePointer<Self>, into y: UnsafeMutablePointer<Self>, rows: Int, width: Int)

  /// Given dy, adds to dx, dweight and dbias.
  static func layerNormBackward(
    _ x: UnsafePointer<Self>, weight: UnsafePointer<Self>, mean: UnsafePointer<Self>, rstd: UnsafePointer<Self>,
    gradient dy: UnsafePointer<Self>, addingTo dx: UnsafeMutablePointer<Self>,
    weight dweight: UnsafeMutablePointer<Self>,
    bias dbias: UnsafeMutablePointer<Self>, rows: Int, width: Int)

  /// `pre += bias` (along each row), then `out = GELU(pre)`.
  static func geluForward(
    _ pre: UnsafeMutablePointer<Self>, addingBias bias: UnsafePointer<Self>, into out: UnsafeMutablePointer<Self>,
    rows: Int, width: Int)

  /// `pre ← GELU(pre)`, `gradient ← gradient · GELU′(pre)`, and the column sums of that are added to dbias.
  static func geluBackward(
    _ pre: UnsafeMutablePointer<Self>, gradient: UnsafeMutablePointer<Self>, bias dbias: UnsafeMutablePointer<Self>,
    rows: Int, width: Int)

  /// `out[r][c] = x[r][c] + bias[r]`
  static func addRowBias(
    _ x: UnsafePointer<Self>, _ bias: UnsafePointer<Self>, into out: UnsafeMutablePointer<Self>, rows: Int, width: Int)

  /// `out[r][c] = x[r][c] + bias[c]`
  static func addColumnBias(
    _ x: UnsafePointer<Self>, _ bias: UnsafePointer<Self>, into out: UnsafeMutablePointer<Self>, rows: Int, width: Int)

  /// `sums[r] += Σ_c x[r][c]`: the backward pass of a row bias.
  static func addRowSums(_ x: UnsafePointer<Self>, to sums: UnsafeMutablePointer<Self>, rows: Int, width: Int)

  /// `sums[c] += Σ_r x[r][c]`: the backward pass of a column bias.
  static func addColumnSums(_ x: UnsafePointer<Self>, to sums: UnsafeMutablePointer<Self>, rows: Int, width: Int)

  /// `y[c][r] = x[r][c]`, x being `rows × columns`.
  static func transpose(_ x: UnsafePointer<Self>, into y: UnsafeMutablePointer<Self>, rows: Int, columns: Int)

  /// `x += y`
  static func accumulate(_ y: UnsafePointer<Self>, to x: UnsafeMutablePointer<Self>, count: Int)

  /// The cross-entropy of each row of logits against its target column, summed over the rows. The logits become
  /// their gradient, `(softmax − onehot) · scale`.
  static func softmaxCrossEntropy(
    _ logits: UnsafeMutablePointer<Self>, targets: UnsafePointer<Int32>, rows: Int, width: Int, scale: Self
  ) -> Double

  /// Sets some values to 0 and scales the others up; the same mask again is its backward pass.
  static func dropOut(_ x: UnsafeMutablePointer<Self>, count: Int, _ mask: DropoutMask)

  /// `x += y`, `y = 0`; returns `Σ x²`.
  static func takeGradient(_ y: UnsafeMutablePointer<Self>, into x: UnsafeMutablePointer<Self>, count: Int) -> Double

  static func sumOfSquares(_ x: UnsafePointer<Self>, count: Int) -> Double

  /// One step of AdamW (Loshchilov & Hutter 2019, arXiv 1711.05101) on `count` parameters; the gradient becomes 0.
  static func adamW(
    _ parameters: UnsafeMutablePointer<Self>, gradient: UnsafeMutablePointer<Self>, first: UnsafeMutablePointer<Self>,
    second: UnsafeMutablePointer<Self>, count: Int, _ step: AdamWStep)
}

/// Which values a dropout (Srivastava et al. 2014) sets to 0: a function of the key and a value's index alone.
public struct DropoutMask: Sendable, Equatable {
  public let key: UInt32
  /// The probability of a 0, in units of 2⁻³².
  public let threshold: UInt32
  /// What the surviving values are multiplied by, 1 / (1 − probability).
  public let scale: Float

  /// `probability` must be in `0..<1`.
  public init(key: UInt32, probability: Double) {
    precondition((0..<1).contains(probability))
    self.key = key
    threshold = UInt32(probability * 0x1p32)
    scale = Float(1 / (1 - probability))
  }
}

/// The numbers of one AdamW step that are the same for all parameters.
public struct AdamWStep: Sendable, Equatable {
  /// What gradients are multiplied by first (clipping).
  public var gradientScale: Double
  public var beta1: Double
  public var beta2: Double
  public var epsilon: Double
  public var learningRate: Double
  public var decay: Double
  /// t, from 1.
  public var number: Int

  public init(
    gradientScale: Double = 1, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, learningRate: Double,
    decay: Double, number: Int
  ) {
    self.gradientScale = gradientScale
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.learningRate = learningRate
    self.decay = decay
    self.number = number
  }
}
