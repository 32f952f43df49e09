import Foundation
import Tensors
import Testing

/// The products that models use, by each implementation that this processor has.
@Suite struct PackedProductTests {
  private static let implementations = ProductImplementation.allCases.filter(\.isSupported)

  private static func gelu(_ x: Double) -> Double { 0.5 * x * (1 + erf(x / 2.0.squareRoot())) }

  private static func scratch(_ rows: Int, _ depth: Int) -> AlignedBuffer<Float> {
    AlignedBuffer(count: ProductImplementation.scratchCount(rows: rows, depth: depth))
  }

  /// Factors that the implementation multiplies as they are, so that the same small tolerance holds for all.
  private static func factors(_ count: Int, seed: UInt64, for implementation: ProductImplementation) -> [Float] {
    let values = randomValues(count, seed: seed)
    return implementation.precision == .bfloat16 ? values.map(\.roundedToBFloat16) : values
  }

  @Test(
    arguments: [
      (1, 1, 1), (1, 16, 33), (13, 15, 31), (14, 17, 32), (15, 33, 64), (29, 97, 65), (28, 512, 40), (28, 513, 33),
      (600, 20, 35), (260, 300, 32), (31, 1_025, 17),
    ], implementations)
  func productEqualsTheDoubleLoop(shape: (rows: Int, inputs: Int, outputs: Int), implementation: ProductImplementation)
  {
    let (rows, inputs, outputs) = shape
    let x = Self.factors(rows * inputs, seed: 1, for: implementation)
    let weight = Self.factors(outputs * inputs, seed: 2, for: implementation)
    let bias = randomValues(outputs, seed: 3)
    let before = randomValues(rows * outputs, seed: 4)
    let packed = PackedWeights(weight, outputs: outputs, inputs: inputs, for: implementation)
    // Every row of a tall product would take too long in a debug build.
    let checked = Array(Set([0, 1, 12, 13, 14, rows / 2, rows - 2, rows - 1]).filter { $0 >= 0 && $0 < rows })
    let plain = checked.flatMap { row in
      (0..<outputs).map { output in
        var sum = Double(bias[output])
        for input in 0..<inputs { sum += Double(x[row * inputs + input]) * Double(weight[output * inputs + input]) }
        return sum
      }
    }
    let old = checked.flatMap { before[$0 * outputs..<($0 + 1) * outputs].map(Double.init) }
    for (finish, expected) in [
      (PackedWeights.Finish.store, plain), (.add, zip(plain, old).map { $0 + $1 }), (.gelu, plain.map(Self.gelu)),
    ] {
      // Storing must not read what was there.
      var y = (finish == .add ? before : [Float](repeating: .nan, count: rows * outputs)) + [.nan]
      let scratch = Self.scratch(rows, inputs)
      packed.apply(x, bias: bias, into: &y, rows: rows, finish: finish, scratch: scratch.base)
      let found = checked.flatMap { y[$0 * outputs..<($0 + 1) * outputs] }
      #expect(relativeError(found, expected) < 1e-5)
      #expect(y[rows * outputs].isNaN, "written beyond the last row")
      #expect(y.dropLast().allSatisfy { $0.isFinite })
    }
  }

  @Test(
    arguments: [(1, 1), (2, 33), (13, 15), (14, 32), (15, 31), (29, 97), (65, 16), (129, 9), (300, 33), (520, 5)],
    implementations)
  func causalMixingEqualsTheTriangularSum(shape: (positions: Int, width: Int), implementation: ProductImplementation) {
    let (positions, width) = shape
    let stride = positions + 5
    var weight = Self.factors(positions * stride, seed: 4, for: implementation)
    for row in 0..<positions {
      for column in row + 1..<stride { weight[row * stride + column] = 0 }
    }
    let y = Self.factors(positions * width, seed: 5, for: implementation)
    let x = randomValues(positions * width, seed: 6)
    let bias = randomValues(positions, seed: 7)
    var found = x
    let scratch = Self.scratch(positions, positions)
    MixingProduct.apply(
      weight: weight, stride: stride, bias: bias, y, addingTo: &found, rows: positions, positions: positions,
      width: width,
      isCausal: true, implementation: implementation, scratch: scratch.base)
    var (values, expected): ([Float], [Double]) = ([], [])
    for row in Set([0, 1, 13, 14, 15, positions / 2, positions - 1]) where row < positions {
      for column in 0..<width {
        var sum = Double(x[row * width + column]) + Double(bias[row])
        for source in 0...row { sum += Double(weight[row * stride + source]) * Double(y[source * width + column]) }
        expected.append(sum)
        values.append(found[row * width + column])
      }
    }
    #expect(relativeError(values, expected) < 1e-5)
  }

  @Test(arguments: [(1, 1, 1), (7, 300, 33), (128, 128, 40), (3, 17, 64), (16, 5, 31)], implementations)
  func mixingWithAllPositionsEqualsTheDoubleLoop(
    shape: (rows: Int, positions: Int, width: Int), implementation: ProductImplementation
  ) {
    let (rows, positions, width) = shape
    let weight = Self.factors(rows * (positions + 2), seed: 1, for: implementation)
    let y = Self.factors(positions * width, seed: 2, for: implementation)
    let x = randomValues(rows * width, seed: 3)
    var found = x
    let scratch = Self.scratch(rows, positions)
    MixingProduct.apply(
      weight: weight, stride: positions + 2, bias: nil, y, addingTo: &found, rows: rows, positions: positions,
      width: width,
      isCausal: false, implementation: implementation, scratch: scratch.base)
    var (values, expected): ([Float], [Double]) = ([], [])
    for row in Set([0, rows / 2, rows - 1]) {
      for column in 0..<width {
        var sum = Double(x[row * width + column])
        for source in 0..<positions {
          sum += Double(weight[row * (positions + 2) + source]) * Double(y[source * width + column])
        }
        expected.append(sum)
        values.append(found[row * width + column])
      }
    }
    #expect(relativeError(values, expected) < 1e-5)
  }

  /// What goes from one product to the next is rounded once at most.
  @Test(arguments: [(1, 1, 1), (13, 17, 33), (31, 40, 64), (300, 20, 16), (15, 9, 1_057)], implementations)
  func expandingAndContractingEqualTheTwoProducts(
    shape: (rows: Int, width: Int, inner: Int), implementation: ProductImplementation
  ) {
    let (rows, width, inner) = shape
    let x = Self.factors(rows * width, seed: 1, for: implementation)
    let (up, down) = (
      Self.factors(inner * width, seed: 2, for: implementation),
      Self.factors(width * inner, seed: 3, for: implementation)
    )
    let (upBias, downBias) = (randomValues(inner, seed: 4), randomValues(width, seed: 5))
    let before = randomValues(rows * width, seed: 6)
    let scratch = Self.scratch(rows, max(width, inner))
    let expand = PackedWeights(up, outputs: inner, inputs: width, for: implementation)
    let contract = PackedWeights(down, outputs: width, inputs: inner, for: implementation)
    let innerCount = ProductImplementation.innerCount(rows: rows, width: inner)
    let activations = AlignedBuffer<Float>(count: innerCount + 1)
    activations.mutable.update(repeating: .nan)
    var y = before
    expand.expand(x, bias: upBias, into: activations.base, rows: rows, scratch: scratch.base)
    contract.contract(activations.base, bias: downBias, addingTo: &y, rows: rows, scratch: scratch.base)
    #expect(activations.base[innerCount].isNaN, "written beyond the inner activations")

    var expected: [Double] = []
    for row in 0..<rows {
      let middle = (0..<inner).map { output in
        (0..<width).reduce(Double(upBias[output])) {
          $0 + Double(x[row * width + $1]) * Double(up[output * width + $1])
        }
      }.map(Self.gelu)
      for output in 0..<width {
        expected.append(
          (0..<inner).reduce(Double(downBias[output]) + Double(before[row * width + output])) {
            $0 + middle[$1] * Double(down[output * inner + $1])
          })
      }
    }
    #expect(relativeError(y, expected) < (implementation.precision == .bfloat16 ? 4e-3 : 1e-5))
  }

  @Test(arguments: [ProductImplementation.panels, .bfloat16Panels].filter(\.isSupported))
  func rowsDoNotDependOnTheirCompany(implementation: ProductImplementation) {
    let (inputs, outputs) = (40, 64)
    let x = randomValues(33 * inputs, seed: 1)
    let (weight, bias) = (randomValues(outputs * inputs, seed: 2), randomValues(outputs, seed: 3))
    let packed = PackedWeights(weight, outputs: outputs, inputs: inputs, for: implementation)
    let scratch = Self.scratch(33, inputs)
    func product(_ first: Int, _ rows: Int) -> [Float] {
      var y = [Float](repeating: 0, count: rows * outputs)
      packed.apply(
        Array(x[first * inputs..<(first + rows) * inputs]), bias: bias, into: &y, rows: rows, finish: .gelu,
        scratch: scratch.base)
      return y
    }
    let whole = product(0, 33)
    for (first, rows) in [(0, 1), (32, 1), (5, 14), (7, 15), (1, 29)] {
      #expect(product(first, rows) == Array(whole[first * outputs..<(first + rows) * outputs]))
    }
  }
}
