internal import Foundation

/// The definitions in plain loops.
extension Double: GradientScalar {
  public static func layerNormForward(
    _ x: UnsafePointer<Double>, weight: UnsafePointer<Double>, bias: UnsafePointer<Double>,
    into y: UnsafeMutablePointer<Double>, mean: UnsafeMutablePointer<Double>, rstd: UnsafeMutablePointer<Double>,
    rows: Int, width: Int
  ) {
    for row in 0..<rows {
      let values = UnsafeBufferPointer(start: x + row * width, count: width)
      mean[row] = values.reduce(0, +) / Double(width)
      let variance = values.reduce(0) { $0 + ($1 - mean[row]) * ($1 - mean[row]) } / Double(width)
      rstd[row] = 1 / (variance + Double(LayerNorm.epsilon)).squareRoot()
    }
    layerNormAgain(x, weight: weight, bias: bias, mean: mean, rstd: rstd, into: y, rows: rows, width: width)
  }

  public static func layerNormAgain(
    _ x: UnsafePointer<Double>, weight: UnsafePointer<Double>, bias: UnsafePointer<Double>,
    mean: UnsafePointer<Double>, rstd: UnsafePointer<Double>, into y: UnsafeMutablePointer<Double>, rows: Int,
    width: Int
  ) {
    for row in 0..<rows {
      for column in 0..<width {
        let index = row * width + column
        y[index] = (x[index] - mean[row]) * rstd[row] * weight[column] + bias[column]
      }
    }
  }

  // With x̂ = (x − mean) · rstd and g = dy · weight: dx += rstd · (g − mean(g) − x̂ · mean(g · x̂)).
  public static func layerNormBackward(
    _ x: UnsafePointer<Double>, weight: UnsafePointer<Double>, mean: UnsafePointer<Double>,
    rstd: UnsafePointer<Double>, gradient dy: UnsafePointer<Double>, addingTo dx: UnsafeMutablePointer<Double>,
    weight dweight: UnsafeMutablePointer<Double>, bias dbias: UnsafeMutablePointer<Double>, rows: Int, width: Int
  ) {
    for row in 0..<rows {
      let start = row * width
      let hat = (0..<width).map { (x[start + $0] - mean[row]) * rstd[row] }
      let g = (0..<width).map { dy[start + $0] * weight[$0] }
      let sum = g.reduce(0, +) / Double(width)
      let product = zip(g, hat).reduce(0) { $0 + $1.0 * $1.1 } / Double(width)
      for column in 0..<width {
        dx[start + column] += rstd[row] * (g[column] - sum - hat[column] * product)
        dweight[column] += dy[start + column] * hat[column]
        dbias[column] += dy[start + column]
      }
    }
  }

  public static func geluForward(
    _ pre: UnsafeMutablePointer<Double>, addingBias bias: UnsafePointer<Double>, into out: UnsafeMutablePointer<Double>,
    rows: Int, width: Int
  ) {
    addColumnBias(pre, bias, into: pre, rows: rows, width: width)
    for index in 0..<rows * width { out[index] = pre[index] * cumulative(pre[index]) }
  }

  public static func geluBackward(
    _ pre: UnsafeMutablePointer<Double>, gradient: UnsafeMutablePointer<Double>,
    bias dbias: UnsafeMutablePointer<Double>, rows: Int, width: Int
  ) {
    for index in 0..<rows * width {
      let x = pre[index]
      let density = exp(-x * x / 2) / (2 * Double.pi).squareRoot()
      gradient[index] *= cumulative(x) + x * density
      pre[index] = x * cumulative(x)
    }
    addColumnSums(gradient, to: dbias, rows: rows, width: width)
  }

  /// Φ, the normal distribution's cumulative distribution function.
  private static func cumulative(_ x: Double) -> Double { 0.5 * (1 + erf(x / 2.0.squareRoot())) }

  public static func addRowBias(
    _ x: UnsafePointer<Double>, _ bias: UnsafePointer<Double>, into out: UnsafeMutablePointer<Double>, rows: Int,
    width: Int
  ) {
    for index in 0..<rows * width { out[index] = x[index] + bias[index / width] }
  }

  public static func addColumnBias(
    _ x: UnsafePointer<Double>, _ bias: UnsafePointer<Double>, into out: UnsafeMutablePointer<Double>, rows: Int,
    width: Int
  ) {
    for index in 0..<rows * width { out[index] = x[index] + bias[index % width] }
  }

  public static func addRowSums(
    _ x: UnsafePointer<Double>, to sums: UnsafeMutablePointer<Double>, rows: Int, width: Int
  ) {
    for index in 0..<rows * width { sums[index / width] += x[index] }
  }

  public static func addColumnSums(
    _ x: UnsafePointer<Double>, to sums: UnsafeMutablePointer<Double>, rows: Int, width: Int
  ) {
    for index in 0..<rows * width { sums[index % width] += x[index] }
  }

  public static func transpose(
    _ x: UnsafePointer<Double>, into y: UnsafeMutablePointer<Double>, rows: Int, columns: Int
  ) {
    for index in 0..<rows * columns { y[index % columns * rows + index / columns] = x[index] }
  }

  public static func accumulate(_ y: UnsafePointer<Double>, to x: UnsafeMutablePointer<Double>, count: Int) {
    for index in 0..<count { x[index] += y[index] }
  }

  public static func softmaxCrossEntropy(
    _ logits: UnsafeMutablePointer<Double>, targets: UnsafePointer<Int32>, rows: Int, width: Int, scale: Double
  ) -> Double {
    var loss = 0.0
    for row in 0..<rows {
      let values = UnsafeMutableBufferPointer(start: logits + row * width, count: width)
      let target = Int(targets[row])
      let largest = values.max() ?? 0
      let own = values[target]
      for column in 0..<width { values[column] = exp(values[column] - largest) }
      let sum = values.reduce(0, +)
      loss += log(sum) - (own - largest)
      for column in 0..<width { values[column] *= scale / sum }
      values[target] -= scale
    }
    return loss
  }

  public static func dropOut(_ x: UnsafeMutablePointer<Double>, count: Int, _ mask: DropoutMask) {
    for index in 0..<count {
      x[index] = mask.hash(UInt32(truncatingIfNeeded: index)) < mask.threshold ? 0 : x[index] * Double(mask.scale)
    }
  }

  public static func takeGradient(
    _ y: UnsafeMutablePointer<Double>, into x: UnsafeMutablePointer<Double>, count: Int
  ) -> Double {
    accumulate(y, to: x, count: count)
    y.update(repeating: 0, count: count)
    return sumOfSquares(x, count: count)
  }

  public static func sumOfSquares(_ x: UnsafePointer<Double>, count: Int) -> Double {
    UnsafeBufferPointer(start: x, count: count).reduce(0) { $0 + $1 * $1 }
  }

  public static func adamW(
    _ parameters: UnsafeMutablePointer<Double>, gradient: UnsafeMutablePointer<Double>,
    first: UnsafeMutablePointer<Double>, second: UnsafeMutablePointer<Double>, count: Int, _ step: AdamWStep
  ) {
    let correction1 = 1 - pow(step.beta1, Double(step.number))
    let correction2 = 1 - pow(step.beta2, Double(step.number))
    for index in 0..<count {
      let g = gradient[index] * step.gradientScale
      parameters[index] -= step.learningRate * step.decay * parameters[index]
      first[index] = step.beta1 * first[index] + (1 - step.beta1) * g
      second[index] = step.beta2 * second[index] + (1 - step.beta2) * g * g
      let (mean, variance) = (first[index] / correction1, second[index] / correction2)
      parameters[index] -= step.learningRate * mean / (variance.squareRoot() + step.epsilon)
      gradient[index] = 0
    }
  }
}

extension DropoutMask {
  /// The finalizer of MurmurHash3, twice, as in the kernel.
  func hash(_ index: UInt32) -> UInt32 {
    var h = index &* 0x9E37_79B1 &+ key
    h = (h ^ (h >> 16)) &* 0x85EB_CA6B
    h = (h ^ (h >> 13)) &* 0xC2B2_AE35
    h = (h ^ (h >> 16)) &+ key &* 0x27D4_EB2F
    h = (h ^ (h >> 15)) &* 0x2C1B_3C6D
    return h ^ (h >> 16)
  }
}
