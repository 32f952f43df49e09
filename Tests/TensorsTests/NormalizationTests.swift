import CKernels
import Foundation
import Tensors
import Testing

@Suite struct NormalizationTests {
  private static func layerNorm(_ x: [Float], _ weight: [Float], _ bias: [Float]) -> [Double] {
    let row = x.map(Double.init)
    let mean = row.reduce(0, +) / Double(row.count)
    let variance = row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(row.count)
    let scale = 1 / (variance + 1e-5).squareRoot()
    return row.indices.map { (row[$0] - mean) * scale * Double(weight[$0]) + Double(bias[$0]) }
  }

  @Test(arguments: awkwardSizes) func layerNormEqualsItsDefinition(width: Int) {
    let rows = 3
    // A mean far from zero shows whether it is subtracted before squaring.
    let x = randomValues(rows * width, seed: 1).map { $0 + 100 }
    let (weight, bias) = (randomValues(width, seed: 2), randomValues(width, seed: 3))
    var y = [Float](repeating: .nan, count: rows * width + 1)
    LayerNorm.forward(x, weight: weight, bias: bias, into: &y, rows: rows, width: width)
    let expected = (0..<rows).flatMap { Self.layerNorm(Array(x[$0 * width..<($0 + 1) * width]), weight, bias) }
    #expect(relativeError(Array(y.dropLast()), expected) < 2e-5)
    #expect(y[rows * width].isNaN, "written beyond the last row")
  }

  @Test func layerNormWorksInPlaceAndKeepsItsStatistics() {
    let (rows, width) = (5, 33)
    let x = randomValues(rows * width, seed: 4)
    let (weight, bias) = (randomValues(width, seed: 5), randomValues(width, seed: 6))
    var apart = [Float](repeating: 0, count: rows * width)
    var (mean, scale) = ([Float](repeating: 0, count: rows), [Float](repeating: 0, count: rows))
    mk_layernorm(x, weight, bias, &apart, &mean, &scale, rows, width, 1e-5)
    var inPlace = x
    inPlace.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      LayerNorm.forward(base, weight: weight, bias: bias, into: base, rows: rows, width: width)
    }
    #expect(inPlace == apart)
    for row in 0..<rows {
      let values = x[row * width..<(row + 1) * width].map(Double.init)
      let expected = values.reduce(0, +) / Double(width)
      let variance = values.reduce(0) { $0 + ($1 - expected) * ($1 - expected) } / Double(width)
      #expect(abs(Double(mean[row]) - expected) < 1e-6)
      #expect(abs(Double(scale[row]) * (variance + 1e-5).squareRoot() - 1) < 1e-5)
    }
  }

  @Test func constantRowsBecomeTheBias() {
    let width = 48
    let x = [Float](repeating: 3, count: width)
    let (weight, bias) = (randomValues(width, seed: 7), randomValues(width, seed: 8))
    var y = [Float](repeating: 0, count: width)
    LayerNorm.forward(x, weight: weight, bias: bias, into: &y, rows: 1, width: width)
    #expect(y == bias)
  }

  @Test(arguments: awkwardSizes) func biasesRunAlongRowsAndColumns(width: Int) {
    let rows = 4
    let x = randomValues(rows * width, seed: 9)
    let (rowBias, columnBias) = (randomValues(rows, seed: 10), randomValues(width, seed: 11))
    var y = x
    Elementwise.addRowBias(rowBias, to: &y, rows: rows, width: width)
    #expect(y == x.indices.map { x[$0] + rowBias[$0 / width] })
    y = x
    Elementwise.addColumnBias(columnBias, to: &y, rows: rows, width: width)
    #expect(y == x.indices.map { x[$0] + columnBias[$0 % width] })
  }

  @Test(arguments: awkwardSizes) func everyPlaceIsLookedAtForNonFiniteValues(count: Int) {
    var values = randomValues(count, seed: 12, scale: .greatestFiniteMagnitude)
    #expect(values.withUnsafeBufferPointer(Elementwise.allFinite))
    for bad in [Float.nan, .infinity, -.infinity, .signalingNaN] {
      for place in Set([0, count / 2, count - 1]) {
        let kept = values[place]
        values[place] = bad
        #expect(!values.withUnsafeBufferPointer(Elementwise.allFinite), "\(bad) at \(place) of \(count)")
        values[place] = kept
      }
    }
    #expect(Elementwise.allFinite(UnsafeBufferPointer(start: nil, count: 0)))
  }

  @Test func instructionSetHasAName() {
    #expect(["avx512", "avx2", "baseline"].contains(String(cString: mk_instruction_set())))
  }
}
