import Tensors
import Testing

@Suite struct ProductTests {
  /// `c ← alpha · op(a) · op(b) + beta · c` as it reads.
  private static func multiply(
    _ a: [Float], _ transposeA: Bool, _ strideA: Int, _ b: [Float], _ transposeB: Bool, _ strideB: Int,
    _ c: [Float], _ strideC: Int, rows: Int, columns: Int, depth: Int, alpha: Double, beta: Double
  ) -> [Double] {
    var result = c.map(Double.init)
    for row in 0..<rows {
      for column in 0..<columns {
        var sum = 0.0
        for k in 0..<depth {
          sum +=
            Double(transposeA ? a[k * strideA + row] : a[row * strideA + k])
            * Double(transposeB ? b[column * strideB + k] : b[k * strideB + column])
        }
        result[row * strideC + column] = alpha * sum + beta * result[row * strideC + column]
      }
    }
    return result
  }

  @Test(
    arguments: [(false, false), (false, true), (true, false), (true, true)],
    [(1, 17, 33), (31, 1, 16), (31, 16, 1), (33, 47, 15)])
  func productWithStridesEqualsTheDoubleLoop(transposes: (Bool, Bool), sizes: (Int, Int, Int)) {
    let (rows, columns, depth) = sizes
    let (strideA, strideB, strideC) = (
      (transposes.0 ? rows : depth) + 3, (transposes.1 ? depth : columns) + 1, columns + 2
    )
    let a = randomValues(strideA * (transposes.0 ? depth : rows), seed: 1)
    let b = randomValues(strideB * (transposes.1 ? columns : depth), seed: 2)
    let c = randomValues(strideC * rows, seed: 3)
    let expected = Self.multiply(
      a, transposes.0, strideA, b, transposes.1, strideB, c, strideC, rows: rows, columns: columns, depth: depth,
      alpha: 0.5, beta: -2)
    var found = c
    Float.multiply(
      a, transposeA: transposes.0, strideA: strideA, b, transposeB: transposes.1, strideB: strideB, into: &found,
      strideC: strideC, rows: rows, columns: columns, depth: depth, alpha: 0.5, beta: -2)
    #expect(relativeError(found, expected) < 1e-5)
    // What lies between the rows is left alone.
    for row in 0..<rows { #expect(found[row * strideC + columns] == c[row * strideC + columns]) }
    var exact = c.map(Double.init)
    Double.multiply(
      a.map(Double.init), transposeA: transposes.0, strideA: strideA, b.map(Double.init), transposeB: transposes.1,
      strideB: strideB, into: &exact, strideC: strideC, rows: rows, columns: columns, depth: depth, alpha: 0.5, beta: -2
    )
    #expect(relativeError(exact, expected) < 1e-12)
  }

  @Test func emptyProductsTouchNothing() {
    var c: [Float] = [1, 2]
    Float.multiply(
      [], transposeA: false, strideA: 1, [], transposeB: false, strideB: 1, into: &c, strideC: 1, rows: 0, columns: 2,
      depth: 1, alpha: 1, beta: 0)
    #expect(c == [1, 2])
  }

  @Test func zeroBetaIgnoresWhatWasThere() {
    var y = [Float](repeating: .nan, count: 4)
    LinearProduct.apply([1, 2, 3, 4], weight: [1, 0, 0, 1], into: &y, rows: 2, inputs: 2, outputs: 2, beta: 0)
    #expect(y == [1, 2, 3, 4])
    y = [.nan, .nan]
    LinearProduct.apply([1, 2], weight: [1, 0, 0, 1], into: &y, rows: 1, inputs: 2, outputs: 2, beta: 0)
    #expect(y == [1, 2])
    LinearProduct.apply([1, 2, 3, 4], weight: [1, 1], into: &y, rows: 2, inputs: 2, outputs: 1, beta: 0)
    #expect(y == [3, 7])
  }

  @Test(arguments: [1, 15, 16, 17, 63, 64, 65, 129]) func causalMixingEqualsTheTriangularSum(positions: Int) {
    let (width, stride) = (9, positions + 5)
    var weight = randomValues(positions * stride, seed: 4)
    for row in 0..<positions {
      for column in row + 1..<stride { weight[row * stride + column] = 0 }
    }
    let (y, x) = (randomValues(positions * width, seed: 5), randomValues(positions * width, seed: 6))
    var expected = x.map(Double.init)
    for row in 0..<positions {
      for source in 0...row {
        for column in 0..<width {
          expected[row * width + column] += Double(weight[row * stride + source]) * Double(y[source * width + column])
        }
      }
    }
    var found = x
    LinearProduct.mixCausally(weight: weight, stride: stride, y, addingTo: &found, positions: positions, width: width)
    #expect(relativeError(found, expected) < 1e-5)
  }
}
