import CKernels
import Foundation
import Tensors
import Testing

@Suite struct GELUTests {
  private static func gelu(_ x: Double) -> Double { 0.5 * x * (1 + erf(x / 2.0.squareRoot())) }

  @Test func equalsTheExactFormOverAFineGrid() {
    let grid = (-24_000...24_000).map { Float($0) * 0.0005 }
    var found = grid
    GELU.forward(&found, addingBias: [Float](repeating: 0, count: grid.count), rows: 1, width: grid.count)
    var worst = 0.0
    for (x, y) in zip(grid, found) { worst = max(worst, abs(Double(y) - Self.gelu(Double(x)))) }
    // erf is within 4e-7, so GELU is within |x| / 2 of that, and only |x| < 4 · √2 leaves any error in erf.
    #expect(worst < 1e-6)
  }

  @Test func errorFunctionIsWithinItsBound() {
    // GELU(x) / x = (1 + erf(x / √2)) / 2
    let grid = (1...24_000).map { Float($0) * 0.00025 }
    var found = grid
    GELU.forward(&found, addingBias: [Float](repeating: 0, count: grid.count), rows: 1, width: grid.count)
    var worst = 0.0
    for (x, y) in zip(grid, found) {
      worst = max(worst, abs(2 * Double(y) / Double(x) - 1 - erf(Double(x) / 2.0.squareRoot())))
    }
    #expect(worst < 6e-7)
  }

  @Test func largeValuesPassOrVanish() {
    var values: [Float] = [-1e30, -100, -20, 0, 20, 100, 1e30]
    GELU.forward(&values, addingBias: [Float](repeating: 0, count: 7), rows: 1, width: 7)
    #expect(values.map { abs($0) } == [0, 0, 0, 0, 20, 100, 1e30])
  }

  @Test(arguments: awkwardSizes) func biasIsAddedAlongEachRow(width: Int) {
    let rows = 3
    let (x, bias) = (randomValues(rows * width, seed: 1, scale: 3), randomValues(width, seed: 2))
    let expected = x.indices.map { Self.gelu(Double(x[$0]) + Double(bias[$0 % width])) }
    var y = x + [.nan]
    GELU.forward(&y, addingBias: bias, rows: rows, width: width)
    #expect(relativeError(Array(y.dropLast()), expected) < 1e-6)
    #expect(y[rows * width].isNaN, "written beyond the last row")
  }

  @Test func separateOutputKeepsTheSumForTheBackwardPass() {
    let (rows, width) = (2, 37)
    let (x, bias) = (randomValues(rows * width, seed: 3), randomValues(width, seed: 4))
    var (pre, out) = (x, [Float](repeating: 0, count: rows * width))
    mk_bias_gelu(&pre, bias, &out, rows, width)
    #expect(pre == x.indices.map { x[$0] + bias[$0 % width] })
    #expect(relativeError(out, pre.map { Self.gelu(Double($0)) }) < 1e-6)
    mk_bias_gelu(&pre, nil, &out, rows, width)
    #expect(relativeError(out, pre.map { Self.gelu(Double($0)) }) < 1e-6)
  }
}
