import Operations
import Tensors
import Testing

@testable import Training

/// Every layer's backward pass against finite differences in double precision. Sizes are no multiples of the vector
/// width.
@Suite struct LayerGradientTests {
  let rows = 5
  let width = 37

  @Test func layerNorm() {
    let (x, weight, bias) = (random(rows * width, 1), random(width, 2), random(width, 3))
    let (y, mean, rstd) = (zeros(rows * width), zeros(rows), zeros(rows))
    let dy = random(rows * width, 4)
    func loss() -> Double {
      Double.layerNormForward(
        x.base, weight: weight.base, bias: bias.base, into: y.base, mean: mean.base, rstd: rstd.base, rows: rows,
        width: width)
      return product(y, dy)
    }
    _ = loss()
    let (dx, dweight, dbias) = (zeros(rows * width), zeros(width), zeros(width))
    Double.layerNormBackward(
      x.base, weight: weight.base, mean: mean.base, rstd: rstd.base, gradient: dy.base, addingTo: dx.base,
      weight: dweight.base, bias: dbias.base, rows: rows, width: width)
    FiniteDifferences.check(x.mutable, gradient: dx.readOnly, samples: 60, loss: loss)
    FiniteDifferences.check(weight.mutable, gradient: dweight.readOnly, loss: loss)
    FiniteDifferences.check(bias.mutable, gradient: dbias.readOnly, loss: loss)
  }

  @Test func gelu() {
    let (pre, bias, dy) = (random(rows * width, 1), random(width, 2), random(rows * width, 4))
    let (copy, out, gradient, dbias) = (zeros(rows * width), zeros(rows * width), zeros(rows * width), zeros(width))
    func loss() -> Double {
      copy.base.update(from: pre.base, count: copy.count)
      Double.geluForward(copy.base, addingBias: bias.base, into: out.base, rows: rows, width: width)
      return product(out, dy)
    }
    _ = loss()
    gradient.base.update(from: dy.base, count: dy.count)
    Double.geluBackward(copy.base, gradient: gradient.base, bias: dbias.base, rows: rows, width: width)
    #expect(zip(copy.readOnly, out.readOnly).allSatisfy { abs($0 - $1) < 1e-14 })
    FiniteDifferences.check(pre.mutable, gradient: gradient.readOnly, samples: 60, loss: loss)
    FiniteDifferences.check(bias.mutable, gradient: dbias.readOnly, loss: loss)
  }

  @Test func crossEntropy() {
    let logits = random(rows * width, 1)
    let gradient = zeros(rows * width)
    func loss() -> Double {
      gradient.base.update(from: logits.base, count: logits.count)
      return 0.25
        * Double.softmaxCrossEntropy(gradient.base, targets: [0, 36, 5, 17, 5], rows: rows, width: width, scale: 0.25)
    }
    _ = loss()
    let kept = Array(gradient.readOnly)
    kept.withUnsafeBufferPointer {
      FiniteDifferences.check(logits.mutable, gradient: $0, samples: 60, loss: loss)
    }
  }

  @Test func linearProduct() {
    let outputs = 11
    let (x, weight, dy) = (random(rows * width, 1), random(outputs * width, 2), random(rows * outputs, 3))
    let (y, dx, dweight) = (zeros(rows * outputs), zeros(rows * width), zeros(outputs * width))
    func loss() -> Double {
      LinearProduct.apply(
        x.base, weight: weight.base, into: y.base, rows: rows, inputs: width, outputs: outputs, beta: 0)
      return product(y, dy)
    }
    LinearProduct.inputGradient(
      dy.base, weight: weight.base, into: dx.base, rows: rows, inputs: width, outputs: outputs, beta: 0)
    LinearProduct.addWeightGradient(dy.base, x.base, to: dweight.base, rows: rows, inputs: width, outputs: outputs)
    FiniteDifferences.check(x.mutable, gradient: dx.readOnly, loss: loss)
    FiniteDifferences.check(weight.mutable, gradient: dweight.readOnly, loss: loss)
  }

  /// More positions than one block of the causal products has.
  @Test func causalMixing() {
    let (positions, width) = (150, 3)
    let (weight, y, dx) = (random(positions * positions, 1), random(positions * width, 2), random(positions * width, 3))
    for row in 0..<positions { for column in row + 1..<positions { weight.base[row * positions + column] = 0 } }
    let (x, dy, dweight) = (zeros(positions * width), zeros(positions * width), zeros(positions * positions))
    func loss() -> Double {
      x.base.update(repeating: 0, count: x.count)
      LinearProduct.mixCausally(
        weight: weight.base, stride: positions, y.base, addingTo: x.base, positions: positions, width: width)
      return product(x, dx)
    }
    LinearProduct.causalMixingInputGradient(
      dx.base, weight: weight.base, stride: positions, into: dy.base, positions: positions, width: width)
    LinearProduct.addCausalMixingGradient(
      dx.base, y.base, to: dweight.base, stride: positions, positions: positions, width: width)
    FiniteDifferences.check(y.mutable, gradient: dy.readOnly, samples: 60, loss: loss)
    for row in stride(from: 0, to: positions, by: 7) {
      for column in stride(from: 0, through: row, by: 13) {
        let expected = (0..<width).reduce(0) { $0 + dx.base[row * width + $1] * y.base[column * width + $1] }
        #expect(abs(dweight.base[row * positions + column] - expected) < 1e-12)
      }
    }
  }

  @Test(arguments: [0, 2]) func contrastiveLoss(hardNegatives: Int) {
    let (pairs, width) = (6, 5)
    let (queries, targets) = (random(pairs * width, 1), random((pairs + hardNegatives) * width, 2))
    // Pairs 1 and 4 share a story, and so does the first hard negative with pair 2.
    let contrast = ContrastiveLoss<Double>(
      width: width, pairs: pairs, groups: [0, 1, 2, 3, 1, 5] + [2, 6].prefix(hardNegatives))
    let logScale = random(1, 3)
    func compute() -> (ContrastiveLoss<Double>.Result, AlignedBuffer<Double>, AlignedBuffer<Double>) {
      let (dq, dt) = (zeros(queries.count), zeros(targets.count))
      return (
        contrast(
          queries: queries.base, targets: targets.base, logScale: logScale.base[0], queryGradient: dq.base,
          targetGradient: dt.base), dq, dt
      )
    }
    let (result, dq, dt) = compute()
    let dscale = zeros(1)
    dscale.base[0] = result.logScaleGradient
    FiniteDifferences.check(queries.mutable, gradient: dq.readOnly, samples: 30) { compute().0.loss }
    FiniteDifferences.check(targets.mutable, gradient: dt.readOnly, samples: 40) { compute().0.loss }
    FiniteDifferences.check(logScale.mutable, gradient: dscale.readOnly) { compute().0.loss }
  }

  @Test func contrastiveLossOfQueriesThatShareTargets() {
    let (width, positives) = (5, [0, 0, 1, 2, 2, 2])
    let (queries, targets) = (random(positives.count * width, 1), random(4 * width, 2))
    // The last target is a hard negative, of the same story as the second.
    let contrast = ContrastiveLoss<Double>(width: width, positives: positives, groups: [7, 8, 9, 8])
    func compute() -> (loss: Double, dq: AlignedBuffer<Double>, dt: AlignedBuffer<Double>) {
      let (dq, dt) = (zeros(queries.count), zeros(targets.count))
      let result = contrast(
        queries: queries.base, targets: targets.base, logScale: 1, queryGradient: dq.base, targetGradient: dt.base)
      return (result.loss, dq, dt)
    }
    let (_, dq, dt) = compute()
    FiniteDifferences.check(queries.mutable, gradient: dq.readOnly, samples: 30) { compute().loss }
    FiniteDifferences.check(targets.mutable, gradient: dt.readOnly, samples: 20) { compute().loss }
  }

  @Test func distillationLoss() {
    let (texts, width) = (5, 7)
    let (embeddings, teacher) = (random(texts * width, 1), random(texts * width, 2))
    for row in 0..<texts {
      let values = teacher.base + row * width
      let length = Double.sumOfSquares(values, count: width).squareRoot()
      for column in 0..<width { values[column] /= length }
    }
    let gradient = zeros(embeddings.count)
    // The teacher does not know the third text.
    let rows = (0..<texts).map { $0 == 2 ? nil : UnsafePointer(teacher.base + $0 * width) }
    func loss(_ gradient: AlignedBuffer<Double>) -> Double {
      DistillationLoss<Double>(width: width)(embeddings.base, teacher: rows, weight: 3, addingTo: gradient.base)
    }
    #expect(loss(gradient) > 0)
    FiniteDifferences.check(embeddings.mutable, gradient: gradient.readOnly, samples: 35) { 3 * loss(zeros(35)) }
    #expect((2 * width..<3 * width).allSatisfy { gradient.base[$0] == 0 })
    for text in 0..<texts {
      (embeddings.base + text * width).update(from: teacher.base + text * width, count: width)
    }
    #expect(abs(loss(zeros(35))) < 1e-12)
  }

  @Test func aRepeatedStoryIsNoNegativeOfItself() {
    func loss(groups: [Int]) -> Double {
      var (dq, dt) = ([Double](repeating: 0, count: 4), [Double](repeating: 0, count: 4))
      return ContrastiveLoss<Double>(width: 2, pairs: 2, groups: groups)(
        queries: [1, 0, 0, 1], targets: [1, 0, 1, 0], logScale: 1, queryGradient: &dq, targetGradient: &dt
      ).loss
    }
    #expect(loss(groups: [0, 1]) > 0.5)
    #expect(loss(groups: [0, 0]) < 1e-6)
  }

  private func random(_ count: Int, _ seed: UInt64) -> AlignedBuffer<Double> { normalBuffer(count, seed: seed) }
  private func zeros(_ count: Int) -> AlignedBuffer<Double> { AlignedBuffer(zeros: count) }
  private func product(_ a: AlignedBuffer<Double>, _ b: AlignedBuffer<Double>) -> Double {
    zip(a.readOnly, b.readOnly).reduce(0) { $0 + $1.0 * $1.1 }
  }
}
