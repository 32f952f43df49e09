import Operations
import Testing

/// The awkward lengths: around vector and unroll widths, and a large one.
let awkwardSizes = [1, 2, 15, 16, 17, 31, 32, 33, 47, 48, 63, 64, 65, 97, 512]

/// Seeded values in −1…1.
func randomValues(_ count: Int, seed: UInt64, scale: Float = 1) -> [Float] {
  var generator = SeededGenerator(seed: seed)
  return (0..<count).map { _ in Float(generator.unitInterval() * 2 - 1) * scale }
}

/// The largest difference, relative to the largest expected magnitude.
func relativeError<Scalar: BinaryFloatingPoint>(_ found: [Scalar], _ expected: [Double]) -> Double {
  precondition(found.count == expected.count)
  let scale = expected.reduce(0) { max($0, abs($1)) }
  var worst = 0.0
  for (a, b) in zip(found, expected) {
    guard a.isFinite else { return .infinity }
    worst = max(worst, abs(Double(a) - b))
  }
  return worst == 0 ? 0 : worst / max(scale, .leastNormalMagnitude)
}

extension Float {
  /// The nearest value whose lower 16 bits are zero; of two, the even one. For finite values that are not subnormal.
  var roundedToBFloat16: Float {
    let bits = bitPattern
    return Float(bitPattern: (bits + 0x7FFF + (bits >> 16 & 1)) & 0xFFFF_0000)
  }
}
