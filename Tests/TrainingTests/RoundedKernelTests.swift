import Tensors
import Testing

/// What happens in bfloat16 between two products, against the plain loops in double precision on the same rounded values.
@Suite struct RoundedKernelTests {
  /// Half a unit in bfloat16's last place, relative.
  static let rounding = 0x1p-8

  @Test(arguments: [1, 15, 16, 17, 100]) func agreeWithTheDefinition(width: Int) {
    let rows = 3
    let count = rows * width
    let zeros = AlignedBuffer<Double>(zeros: width)
    let bias: AlignedBuffer<Float> = normalBuffer(width, seed: 3)
    let x = Rounded(count, 1, scale: 2), gradient = Rounded(count, 2), out = Rounded(count, 4)

    let expected = AlignedBuffer<Double>(count: count)
    RoundedElementwise.geluForward(x.values.base, into: out.values.base, count: count)
    Double.geluForward(x.double.base, addingBias: zeros.base, into: expected.base, rows: rows, width: width)
    out.expectEqual(expected, absolute: 1e-4)

    let exactBias = AlignedBuffer<Double>(count: width)
    for column in 0..<width { exactBias.base[column] = Double(bias.base[column]) }
    RoundedElementwise.geluBackward(
      x.values.base, gradient: gradient.values.base, bias: bias.base, rows: rows, width: width)
    Double.geluBackward(
      x.double.base, gradient: gradient.double.base, bias: exactBias.base, rows: rows, width: width)
    x.expectEqual(x.double, absolute: 1e-4)
    gradient.expectEqual(gradient.double, absolute: 5e-4)
    #expect(zip(bias.readOnly, exactBias.readOnly).allSatisfy { abs(Double($0) - $1) < 2e-3 }, "sums are not rounded")

    let logits: AlignedBuffer<Float> = normalBuffer(count, seed: 11)
    let exact = AlignedBuffer<Double>(count: count)
    for index in 0..<count { exact.base[index] = Double(logits.base[index]) }
    let targets: [Int32] = [0, Int32(width - 1), Int32(width / 2)]
    let loss = RoundedElementwise.softmaxCrossEntropy(
      logits.base, gradient: out.values.base, targets: targets, rows: rows, width: width, scale: 0.5)
    let exactLoss = Double.softmaxCrossEntropy(exact.base, targets: targets, rows: rows, width: width, scale: 0.5)
    #expect(abs(loss - exactLoss) < 1e-5)
    out.expectEqual(exact, absolute: 1e-6)
  }

  @Test(arguments: [1, 16, 37]) func productsWithVectors(width: Int) {
    let rows = 5
    let x = Rounded(rows * width, 1)
    let (weight, column): (AlignedBuffer<Float>, AlignedBuffer<Float>) = (
      normalBuffer(width, seed: 2), normalBuffer(rows, seed: 3)
    )
    var (dots, sums) = ([Float](repeating: 1, count: rows), [Float](repeating: 2, count: width))
    RoundedElementwise.addRowDots(x.values.base, weight.base, to: &dots, rows: rows, width: width)
    RoundedElementwise.addWeightedRows(x.values.base, column.base, to: &sums, rows: rows, width: width)
    for row in 0..<rows {
      let exact = (0..<width).reduce(1.0) { $0 + x.double.base[row * width + $1] * Double(weight.base[$1]) }
      #expect(abs(Double(dots[row]) - exact) < 1e-5)
    }
    for index in 0..<width {
      let exact = (0..<rows).reduce(2.0) { $0 + x.double.base[$1 * width + index] * Double(column.base[$1]) }
      #expect(abs(Double(sums[index]) - exact) < 1e-5)
    }
    let outer = AlignedBuffer<Double>(count: rows * width)
    for index in 0..<rows * width {
      outer.base[index] = Double(column.base[index / width]) * Double(weight.base[index % width])
    }
    RoundedElementwise.outer(column.base, weight.base, into: x.values.base, rows: rows, width: width)
    x.expectEqual(outer, absolute: 0)
  }

  /// The mask is that of float32.
  @Test func dropout() {
    let mask = DropoutMask(key: 99, probability: 0.25)
    let ones = Rounded(1_003, 1)
    for index in 0..<1_003 { ones.values.base[index] = 0x3F80 }
    var floats = [Float](repeating: 1, count: 1_003)
    RoundedElementwise.dropOut(ones.values.base, count: 1_003, mask)
    Float.dropOut(&floats, count: 1_003, mask)
    let expected = AlignedBuffer<Double>(count: 1_003)
    for index in 0..<1_003 { expected.base[index] = Double(floats[index]) }
    ones.expectEqual(expected, absolute: 0)
  }
}

/// Normal deviates rounded to bfloat16, and the same values in double precision.
private struct Rounded {
  let values: AlignedBuffer<BFloat16>
  let double: AlignedBuffer<Double>

  init(_ count: Int, _ seed: UInt64, scale: Float = 1) {
    let source: AlignedBuffer<Float> = normalBuffer(count, seed: seed)
    values = AlignedBuffer(count: count)
    double = AlignedBuffer(count: count)
    for index in 0..<count {
      values.base[index] = BFloat16((source.base[index] * scale).bitPattern >> 16)
      double.base[index] = Self.value(values.base[index])
    }
  }

  static func value(_ bits: BFloat16) -> Double { Double(Float(bitPattern: UInt32(bits) << 16)) }

  /// Up to the rounding of the result, and `absolute`.
  func expectEqual(
    _ expected: AlignedBuffer<Double>, absolute: Double, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let worst =
      zip(values.readOnly, expected.readOnly).map { bits, exact in
        abs(Self.value(bits) - exact) - RoundedKernelTests.rounding * abs(exact) * 1.001
      }.max() ?? 0
    #expect(worst <= absolute, sourceLocation: sourceLocation)
  }
}
