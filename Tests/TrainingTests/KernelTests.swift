import Operations
import Tensors
import Testing

/// The kernels in C against the plain loops in double precision, at sizes beside and at the vector width.
@Suite struct KernelTests {
  @Test(arguments: [1, 15, 16, 17, 37, 64, 100]) func agreeWithTheDefinition(width: Int) {
    let rows = 3
    let count = rows * width
    let x = Both(count, 1), weight = Both(width, 2), bias = Both(width, 3), dy = Both(count, 4), rowBias = Both(rows, 5)

    let y = Both(count), mean = Both(rows), rstd = Both(rows)
    layerNorm(x.single, weight.single, bias.single, y.single, mean.single, rstd.single, rows, width)
    layerNorm(x.double, weight.double, bias.double, y.double, mean.double, rstd.double, rows, width)
    y.expectEqual("layerNormForward", 1e-4)
    let again = Both(count)
    Float.layerNormAgain(
      x.single.base, weight: weight.single.base, bias: bias.single.base, mean: mean.single.base,
      rstd: rstd.single.base, into: again.single.base, rows: rows, width: width)
    #expect(zip(again.single.readOnly, y.single.readOnly).allSatisfy { abs($0 - $1) < 1e-5 })

    let dx = Both(count, 6), dweight = Both(width, 7), dbias = Both(width, 8)
    layerNormBack(
      x.single, weight.single, mean.single, rstd.single, dy.single, dx.single, dweight.single, dbias.single, rows, width
    )
    layerNormBack(
      x.double, weight.double, mean.double, rstd.double, dy.double, dx.double, dweight.double, dbias.double, rows, width
    )
    // A row of one or two values has next to no variance: its gradient is a difference of large numbers.
    if width > 1 { dx.expectEqual("layerNormBackward x", 1e-4) }
    dweight.expectEqual("layerNormBackward weight", 1e-4)
    dbias.expectEqual("layerNormBackward bias", 1e-5)

    let pre = Both(count, 9), out = Both(count), gradient = Both(count, 10)
    Float.geluForward(pre.single.base, addingBias: bias.single.base, into: out.single.base, rows: rows, width: width)
    Double.geluForward(pre.double.base, addingBias: bias.double.base, into: out.double.base, rows: rows, width: width)
    out.expectEqual("geluForward", 1e-6)
    Float.geluBackward(
      pre.single.base, gradient: gradient.single.base, bias: dbias.single.base, rows: rows, width: width)
    Double.geluBackward(
      pre.double.base, gradient: gradient.double.base, bias: dbias.double.base, rows: rows, width: width)
    pre.expectEqual("geluBackward value", 1e-6)
    gradient.expectEqual("geluBackward gradient", 1e-5)
    dbias.expectEqual("geluBackward bias", 1e-5)

    Float.addRowBias(x.single.base, rowBias.single.base, into: out.single.base, rows: rows, width: width)
    Double.addRowBias(x.double.base, rowBias.double.base, into: out.double.base, rows: rows, width: width)
    out.expectEqual("addRowBias", 1e-6)
    Float.addColumnBias(x.single.base, bias.single.base, into: out.single.base, rows: rows, width: width)
    Double.addColumnBias(x.double.base, bias.double.base, into: out.double.base, rows: rows, width: width)
    out.expectEqual("addColumnBias", 1e-6)
    Float.addRowSums(x.single.base, to: rowBias.single.base, rows: rows, width: width)
    Double.addRowSums(x.double.base, to: rowBias.double.base, rows: rows, width: width)
    rowBias.expectEqual("addRowSums", 1e-5)
    Float.addColumnSums(x.single.base, to: bias.single.base, rows: rows, width: width)
    Double.addColumnSums(x.double.base, to: bias.double.base, rows: rows, width: width)
    bias.expectEqual("addColumnSums", 1e-6)

    let logits = Both(count, 11)
    let targets: [Int32] = [0, Int32(width - 1), Int32(width / 2)]
    let loss = Float.softmaxCrossEntropy(logits.single.base, targets: targets, rows: rows, width: width, scale: 0.5)
    let exact = Double.softmaxCrossEntropy(logits.double.base, targets: targets, rows: rows, width: width, scale: 0.5)
    #expect(abs(loss - exact) < 1e-5)
    logits.expectEqual("softmaxCrossEntropy", 1e-6)
  }

  @Test(arguments: [1, 16, 2_500]) func sumsAndSteps(count: Int) {
    let x = Both(count, 1), y = Both(count, 2)
    let norm = Float.takeGradient(y.single.base, into: x.single.base, count: count)
    let exact = Double.takeGradient(y.double.base, into: x.double.base, count: count)
    #expect(abs(norm - exact) < 1e-5 * exact)
    #expect(y.single.readOnly.allSatisfy { $0 == 0 })
    x.expectEqual("takeGradient", 1e-6)
    #expect(abs(Float.sumOfSquares(x.single.base, count: count) - exact) < 1e-5 * exact)

    let parameters = Both(count, 3), first = Both(count), second = Both(count)
    for number in 1...3 {
      let gradient = Both(count, UInt64(10 + number))
      let step = AdamWStep(gradientScale: 0.5, learningRate: 0.01, decay: 0.1, number: number)
      Float.adamW(
        parameters.single.base, gradient: gradient.single.base, first: first.single.base, second: second.single.base,
        count: count, step)
      Double.adamW(
        parameters.double.base, gradient: gradient.double.base, first: first.double.base, second: second.double.base,
        count: count, step)
      #expect(gradient.single.readOnly.allSatisfy { $0 == 0 })
    }
    parameters.expectEqual("adamW", 1e-5)
  }

  @Test func dropoutKeepsTheExpectedShareAndIsRepeatable() {
    let mask = DropoutMask(key: 99, probability: 0.25)
    var values = [Float](repeating: 1, count: 40_000)
    Float.dropOut(&values, count: values.count, mask)
    let dropped = values.count { $0 == 0 }
    #expect(abs(Double(dropped) / 40_000 - 0.25) < 0.01)
    #expect(values.allSatisfy { $0 == 0 || abs($0 - 4 / 3) < 1e-6 })
    var doubles = [Double](repeating: 1, count: 40_000)
    Double.dropOut(&doubles, count: doubles.count, mask)
    #expect(zip(values, doubles).allSatisfy { ($0 == 0) == ($1 == 0) })
    var other = [Float](repeating: 1, count: 40_000)
    Float.dropOut(&other, count: other.count, DropoutMask(key: 100, probability: 0.25))
    #expect(zip(values, other).count { $0 == 0 && $1 == 0 } < 3_000, "the masks of two keys are related")
  }

  private func layerNorm<Scalar: GradientScalar>(
    _ x: AlignedBuffer<Scalar>, _ weight: AlignedBuffer<Scalar>, _ bias: AlignedBuffer<Scalar>,
    _ y: AlignedBuffer<Scalar>, _ mean: AlignedBuffer<Scalar>, _ rstd: AlignedBuffer<Scalar>, _ rows: Int, _ width: Int
  ) {
    Scalar.layerNormForward(
      x.base, weight: weight.base, bias: bias.base, into: y.base, mean: mean.base, rstd: rstd.base, rows: rows,
      width: width)
  }

  private func layerNormBack<Scalar: GradientScalar>(
    _ x: AlignedBuffer<Scalar>, _ weight: AlignedBuffer<Scalar>, _ mean: AlignedBuffer<Scalar>,
    _ rstd: AlignedBuffer<Scalar>, _ dy: AlignedBuffer<Scalar>, _ dx: AlignedBuffer<Scalar>,
    _ dweight: AlignedBuffer<Scalar>, _ dbias: AlignedBuffer<Scalar>, _ rows: Int, _ width: Int
  ) {
    Scalar.layerNormBackward(
      x.base, weight: weight.base, mean: mean.base, rstd: rstd.base, gradient: dy.base, addingTo: dx.base,
      weight: dweight.base, bias: dbias.base, rows: rows, width: width)
  }
}

/// The same values in single and double precision.
private struct Both {
  let single: AlignedBuffer<Float>
  let double: AlignedBuffer<Double>

  /// Normal deviates, or zeros without a seed.
  init(_ count: Int, _ seed: UInt64? = nil) {
    single = seed.map { normalBuffer(count, seed: $0) } ?? AlignedBuffer(zeros: count)
    double = AlignedBuffer(count: count)
    for index in 0..<count { double.base[index] = Double(single.base[index]) }
  }

  func expectEqual(_ what: Comment, _ tolerance: Double, sourceLocation: SourceLocation = #_sourceLocation) {
    let worst = zip(single.readOnly, double.readOnly).map { abs(Double($0) - $1) / max(1, abs($1)) }.max() ?? 0
    #expect(worst < tolerance, what, sourceLocation: sourceLocation)
  }
}
