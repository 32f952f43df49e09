import Foundation
import Tensors
import Testing

/// The products that models use, by each implementation that this processor has.
@Suite struct PackedProductTests {
  private static let implementations = ProductImplementation.allCases.filter(\.isSupported)

  private static func gelu(_ x: Double) -> Double { 0.5 * x * (1 + erf(x / 2.0.squareRoot())) }

  private static func scratch(_ rows: Int) -> AlignedBuffer<Float> {
    AlignedBuffer(count: ProductImplementation.scratchCount(rows: rows))
  }

  @Test(
    arguments: [
      (1, 1, 1), (1, 16, 33), (13, 15, 31), (14, 17, 32), (15, 33, 64), (29, 97, 65), (28, 512, 40), (28, 513, 33),
      (600, 20, 35), (260, 300, 32), (31, 1_025, 17),
    ], implementations)
  func productEqualsTheDoubleLoop(shape: (rows: Int, inputs: Int, outputs: Int), implementation: ProductImplementation)
  {
    let (rows, inputs, outputs) = shape
    let x = randomValues(rows * inputs, seed: 1)
    let weight = randomValues(outputs * inputs, seed: 2)
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
      let scratch = Self.scratch(rows)
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
    var weight = randomValues(positions * stride, seed: 4)
    for row in 0..<positions {
      for column in row + 1..<stride { weight[row * stride + column] = 0 }
    }
    let (y, x) = (randomValues(positions * width, seed: 5), randomValues(positions * width, seed: 6))
    let bias = randomValues(positions, seed: 7)
    var found = x
    let scratch = Self.scratch(positions)
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
    let weight = randomValues(rows * (positions + 2), seed: 1)
    let (y, x) = (randomValues(positions * width, seed: 2), randomValues(rows * width, seed: 3))
    var found = x
    let scratch = Self.scratch(rows)
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

  @Test(.enabled(if: ProductImplementation.panels.isSupported)) func rowsDoNotDependOnTheirCompany() {
    let (inputs, outputs) = (40, 64)
    let x = randomValues(33 * inputs, seed: 1)
    let (weight, bias) = (randomValues(outputs * inputs, seed: 2), randomValues(outputs, seed: 3))
    let packed = PackedWeights(weight, outputs: outputs, inputs: inputs, for: .panels)
    let scratch = Self.scratch(33)
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
