import Operations
import Tensors
import Testing

/// Compares gradients with central differences of a loss, in double precision.
enum FiniteDifferences {
  /// Checks up to `samples` values of `parameters` (all of them where there are fewer).
  ///
  /// - Parameter scale: what errors are relative to; by default the largest gradient.
  static func check(
    _ parameters: UnsafeMutableBufferPointer<Double>, gradient: UnsafeBufferPointer<Double>, samples: Int = 12,
    scale: Double? = nil, _ comment: Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation,
    loss: () throws -> Double
  ) rethrows {
    var generator = SeededGenerator(seed: 7)
    let scale = scale ?? gradient.reduce(1e-12) { max($0, abs($1)) }
    for index in generator.distinct(min(samples, parameters.count), below: parameters.count) {
      let (value, step) = (parameters[index], 1e-5)
      parameters[index] = value + step
      let above = try loss()
      parameters[index] = value - step
      let below = try loss()
      parameters[index] = value
      let slope = (above - below) / (2 * step)
      #expect(
        abs(slope - gradient[index]) < 1e-6 * scale + 1e-9, "value \(index): \(slope) is not \(gradient[index])",
        sourceLocation: sourceLocation)
      if let comment, abs(slope - gradient[index]) >= 1e-6 * scale + 1e-9 { Issue.record(comment) }
    }
  }

  /// Checks values of every tensor of a layout.
  static func check(
    _ parameters: ParameterBuffer<Double>, gradients: ParameterBuffer<Double>, samples: Int = 6,
    loss: () throws -> Double
  ) rethrows {
    let largest = gradients.storage.readOnly.reduce(1e-12) { max($0, abs($1)) }
    for tensor in parameters.layout.tensors {
      try check(
        parameters.values(tensor), gradient: UnsafeBufferPointer(gradients.values(tensor)), samples: samples,
        scale: largest, "\(tensor.name)", loss: loss)
    }
  }
}

extension ParameterBuffer {
  /// Every value drawn from a normal distribution; norms around 1.
  static func random(_ layout: ParameterLayout, seed: UInt64, deviation: Double = 0.3) -> Self {
    var generator = SeededGenerator(seed: seed)
    let result = Self(layout)
    for tensor in layout.tensors {
      let center = tensor.name.contains("norm.weight") ? 1.0 : 0
      for index in 0..<tensor.count {
        result.values(tensor)[index] = Scalar(center + deviation * generator.normal())
      }
    }
    return result
  }
}

/// `count` normal deviates.
func normalBuffer<Scalar: TensorScalar>(_ count: Int, seed: UInt64) -> AlignedBuffer<Scalar> {
  var generator = SeededGenerator(seed: seed)
  let buffer = AlignedBuffer<Scalar>(count: count)
  for index in 0..<count { buffer.base[index] = Scalar(generator.normal()) }
  return buffer
}
