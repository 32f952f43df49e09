internal import Tensors

/// The feed-forward, `out = middle + FF2(GELU(FF1(patch_layernorm(middle))))`, and its backward pass, a chunk of rows
/// at a time so that the inner activations stay near the core.
extension MixerPass {
  func feedForwardForward(_ index: Int, rows: Int) {
    if let rounded { return rounded.feedForwardForward(index, rows: rows) }
    let block = blocks[index]
    let (width, innerWidth) = (block.width, block.innerWidth)
    forEachChunk(rows) { start, count in
      let middle = tape.middle(index) + start * width
      let out = tape.states(index + 1) + start * width
      expandForward(index, start: start, count: count)
      Scalar.addColumnBias(middle, parameters + block.contractBias, into: out, rows: count, width: width)
      product(
        scratch.inner.base, block.contractWeight, into: out, rows: count, inputs: innerWidth, outputs: width, adds: true
      )
    }
  }

  /// `scratch.inner ← GELU(FF1(patch_layernorm(middle)))` for a chunk of rows.
  func expandForward(_ index: Int, start: Int, count: Int) {
    let block = blocks[index]
    let (width, innerWidth) = (block.width, block.innerWidth)
    let expanded = tape.expanded(index) + start * innerWidth
    let (mean, rstd) = tape.statistics(index, norm: 1)
    Scalar.layerNormForward(
      tape.middle(index) + start * width, weight: parameters + block.patchNormWeight,
      bias: parameters + block.patchNormBias, into: scratch.normalized.base, mean: mean + start, rstd: rstd + start,
      rows: count, width: width)
    product(
      scratch.normalized.base, block.expandWeight, into: expanded, rows: count, inputs: width, outputs: innerWidth)
    Scalar.geluForward(
      expanded, addingBias: parameters + block.expandBias, into: scratch.inner.base, rows: count, width: innerWidth)
    dropInner(scratch.inner.base, index, start, count)
  }

  /// `scratch.gradient` goes from that of `out` to that of `middle`. The tape's `expanded` is overwritten.
  func feedForwardBackward(_ index: Int, rows: Int, _ gradients: UnsafeMutablePointer<Scalar>) {
    if let rounded, let gradients = gradients as? UnsafeMutablePointer<Float> {
      return rounded.feedForwardBackward(index, rows: rows, gradients)
    }
    let block = blocks[index]
    let (width, innerWidth) = (block.width, block.innerWidth)
    forEachChunk(rows) { start, count in
      let inner = tape.expanded(index) + start * innerWidth
      let dx = scratch.gradient.base + start * width
      let dInner = scratch.innerGradient.base
      Scalar.addColumnSums(dx, to: gradients + block.contractBias, rows: count, width: width)
      inputGradient(dx, block.contractWeight, into: dInner, rows: count, inputs: innerWidth, outputs: width)
      dropInner(dInner, index, start, count)
      Scalar.geluBackward(inner, gradient: dInner, bias: gradients + block.expandBias, rows: count, width: innerWidth)
      dropInner(inner, index, start, count)
      LinearProduct.addWeightGradient(
        dx, inner, to: gradients + block.contractWeight, rows: count, inputs: innerWidth, outputs: width)
      expandBackward(index, start: start, count: count, gradients)
    }
  }

  /// From the gradient of FF1's result, in `scratch.innerGradient`, to that of `middle`, which is added to
  /// `scratch.gradient`: through FF1 and the layer norm, for a chunk of rows.
  func expandBackward(_ index: Int, start: Int, count: Int, _ gradients: UnsafeMutablePointer<Scalar>) {
    let block = blocks[index]
    let (width, innerWidth) = (block.width, block.innerWidth)
    let middle = tape.middle(index) + start * width
    let (mean, rstd) = tape.statistics(index, norm: 1)
    let dx = scratch.gradient.base + start * width
    let dInner = scratch.innerGradient.base
    let normalized = scratch.normalized.base
    Scalar.layerNormAgain(
      middle, weight: parameters + block.patchNormWeight, bias: parameters + block.patchNormBias, mean: mean + start,
      rstd: rstd + start, into: normalized, rows: count, width: width)
    LinearProduct.addWeightGradient(
      dInner, normalized, to: gradients + block.expandWeight, rows: count, inputs: width, outputs: innerWidth)
    inputGradient(dInner, block.expandWeight, into: normalized, rows: count, inputs: width, outputs: innerWidth)
    Scalar.layerNormBackward(
      middle, weight: parameters + block.patchNormWeight, mean: mean + start, rstd: rstd + start,
      gradient: normalized, addingTo: dx, weight: gradients + block.patchNormWeight,
      bias: gradients + block.patchNormBias, rows: count, width: width)
  }

  /// `y ← x · Wᵀ`, or `y ← y + x · Wᵀ`, with the weight at `offset`.
  func product(
    _ x: UnsafePointer<Scalar>, _ offset: Int, into y: UnsafeMutablePointer<Scalar>, rows: Int, inputs: Int,
    outputs: Int, adds: Bool = false
  ) {
    if let weights { return weights.apply(x, offset, into: y, rows: rows, adds: adds, scratch: scratch) }
    LinearProduct.apply(
      x, weight: parameters + offset, into: y, rows: rows, inputs: inputs, outputs: outputs, beta: adds ? 1 : 0)
  }

  /// `dx ← dy · W` with the weight at `offset`.
  func inputGradient(
    _ dy: UnsafePointer<Scalar>, _ offset: Int, into dx: UnsafeMutablePointer<Scalar>, rows: Int, inputs: Int,
    outputs: Int
  ) {
    let weight = parameters + offset
    if let weights {
      return weights.inputGradient(dy, offset, weight: weight, into: dx, rows: rows, scratch: scratch)
    }
    LinearProduct.inputGradient(dy, weight: weight, into: dx, rows: rows, inputs: inputs, outputs: outputs, beta: 0)
  }

  func forEachChunk(_ rows: Int, _ body: (_ start: Int, _ count: Int) -> Void) {
    let chunk = MixerScratch<Scalar>.chunkRows
    for start in stride(from: 0, to: rows, by: chunk) { body(start, min(chunk, rows - start)) }
  }

  func dropInner(_ x: UnsafeMutablePointer<Scalar>, _ index: Int, _ start: Int, _ count: Int) {
    guard let dropout else { return }
    Scalar.dropOut(x, count: count * blocks[index].innerWidth, dropout.mask(.inner, block: index, part: start))
  }
}
