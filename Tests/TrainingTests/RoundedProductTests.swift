import Tensors
import Testing

/// The products of token mixing in bfloat16 and their backward passes against plain loops over the rounded factors.
@Suite(.enabled(if: Precision.bfloat16.isSupported)) struct RoundedProductTests {
  @Test(arguments: [1, 2, 63, 64, 65, 150], [false, true]) func mixing(positions: Int, isCausal: Bool) {
    let (width, stride) = (19, positions + 3)
    let x: AlignedBuffer<Float> = rounded(positions * width, 1), y: AlignedBuffer<Float> = rounded(x.count, 2)
    let weight: AlignedBuffer<Float> = rounded(positions * stride, 3)
    if isCausal {
      for row in 0..<positions { for column in row + 1..<stride { weight.base[row * stride + column] = 0 } }
    }
    let scratch = RoundedProduct.Scratch(
      panelCount: RoundedProduct.mixingPanelCount(positions: positions, width: width), depth: max(positions, width))
    func at(_ row: Int, _ column: Int) -> Double { Double(weight.base[row * stride + column]) }

    let mixed: AlignedBuffer<Float> = rounded(x.count, 4), before = mixed.array()
    RoundedProduct.mix(
      weight: weight.base, stride: stride, y.base, addingTo: mixed.base, rows: positions, positions: positions,
      width: width, isCausal: isCausal, scratch: scratch)
    let dy = AlignedBuffer<Float>(count: x.count)
    RoundedProduct.mixingInputGradient(
      x.base, weight: weight.base, stride: stride, into: dy.base, positions: positions, width: width,
      isCausal: isCausal, scratch: scratch)
    let dW = AlignedBuffer<Float>(zeros: weight.count)
    for index in 0..<dW.count { dW.base[index] = 1 }
    RoundedProduct.addMixingGradient(
      x.base, y.base, to: dW.base, stride: stride, positions: positions, width: width, isCausal: isCausal,
      scratch: scratch)

    for row in 0..<positions {
      for column in 0..<width {
        let sum = (0..<positions).reduce(Double(before[row * width + column])) {
          $0 + at(row, $1) * Double(y.base[$1 * width + column])
        }
        #expect(abs(Double(mixed.base[row * width + column]) - sum) < 1e-4)
        let back = (0..<positions).reduce(0.0) { $0 + at($1, row) * Double(x.base[$1 * width + column]) }
        #expect(abs(Double(dy.base[row * width + column]) - back) < 1e-4)
      }
      // Above the diagonal, what is computed there does not matter; beyond the row, nothing is touched.
      for other in 0..<(isCausal ? row + 1 : positions) {
        let sum = (0..<width).reduce(1.0) {
          $0 + Double(x.base[row * width + $1]) * Double(y.base[other * width + $1])
        }
        #expect(abs(Double(dW.base[row * stride + other]) - sum) < 1e-4)
      }
      #expect((positions..<stride).allSatisfy { dW.base[row * stride + $0] == 1 })
    }
  }

  /// Normal deviates that are bfloat16 values.
  private func rounded(_ count: Int, _ seed: UInt64) -> AlignedBuffer<Float> {
    let values: AlignedBuffer<Float> = normalBuffer(count, seed: seed)
    for index in 0..<count { values.base[index] = Float(bitPattern: values.base[index].bitPattern & 0xFFFF_0000) }
    return values
  }
}
