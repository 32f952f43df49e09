import Tensors
import Testing

/// Weights packed into the caller's memory, from either order, against the library's product.
@Suite(.enabled(if: ProductImplementation.panels.isSupported)) struct WeightPanelsTests {
  @Test(
    arguments: [(1, 1, 1), (13, 15, 31), (14, 17, 32), (29, 97, 65), (28, 513, 33), (260, 300, 32)], [false, true])
  func theProductIsTheLibrarys(shape: (rows: Int, inputs: Int, outputs: Int), isTransposed: Bool) {
    let (rows, inputs, outputs) = shape
    let x = randomValues(rows * inputs, seed: 1)
    let weight = randomValues(outputs * inputs, seed: 2)
    let before = randomValues(rows * outputs, seed: 3)
    let count = WeightPanels.count(inputs: inputs, outputs: outputs)
    let memory = AlignedBuffer<Float>(count: count + 1)
    memory.base[count] = .nan
    let scratch = AlignedBuffer<Float>(count: WeightPanels.scratchCount)
    withExtendedLifetime(memory) {
      let panels = WeightPanels(
        packing: weight, outputs: outputs, inputs: inputs, isTransposed: isTransposed, into: memory.base)
      #expect(memory.base[count].isNaN, "packed beyond the memory")
      for adds in [false, true] {
        // Storing must not read what was there.
        var found = adds ? before : [Float](repeating: .nan, count: rows * outputs)
        panels.apply(x, into: &found, rows: rows, adds: adds, scratch: scratch.base)
        var expected = adds ? before : [Float](repeating: 0, count: rows * outputs)
        if isTransposed {
          LinearProduct.apply(
            x, transposedWeight: weight, into: &expected, rows: rows, inputs: inputs, outputs: outputs, beta: 1)
        } else {
          LinearProduct.apply(x, weight: weight, into: &expected, rows: rows, inputs: inputs, outputs: outputs, beta: 1)
        }
        #expect(relativeError(found, expected.map(Double.init)) < 1e-5)
      }
    }
  }
}
