internal import Tensors

/// The feed-forward, `out = middle + FF2(GELU(FF1(patch_layernorm(middle))))`, and its backward pass, a chunk of rows
/// at a time so that the inner activations stay near the core.
extension MixerPass {
  func feedForwardForward(_ index: Int, rows: Int) {
    let block = blocks[index]
    let (width, innerWidth) = (block.width, block.innerWidth)
    forEachChunk(rows) { start, count in
      let middle = tape.middle(index) + start * width
      let out = tape.states(index + 1) + start * width
      let expanded = tape.expanded(index) + start * innerWidth
      let (mean, rstd) = tape.statistics(index, norm: 1)
      Scalar.layerNormForward(
        middle, weight: parameters + block.patchNormWeight, bias: parameters + block.patchNormBias,
        into: scratch.normalized.base, mean: mean + start, rstd: rstd + start, rows: count, width: width)
      LinearProduct.apply(
        scratch.normalized.base, weight: parameters + block.expandWeight, into: expanded, rows: count, inputs: width,
        outputs: innerWidth, beta: 0)
      Scalar.geluForward(
        expanded, addingBias: parameters + block.expandBias, into: scratch.inner.base, rows: count, width: innerWidth)
      dropInner(scratch.inner.base, index, start, count)
      Scalar.addColumnBias(middle, parameters + block.contractBias, into: out, rows: count, width: width)
      LinearProduct.apply(
        scratch.inner.base, weight: parameters + block.contractWeight, into: out, rows: count, inputs: innerWidth,
        outputs: width, beta: 1)
    }
  }

  /// `scratch.gradient` goes from that of `out` to that of `middle`. The tape's `expanded` is overwritten.
  func feedForwardBackward(_ index: Int, rows: Int, _ gradients: UnsafeMutablePointer<Scalar>) {
    let block = blocks[index]
    let (width, innerWidth) = (block.width, block.innerWidth)
    forEachChunk(rows) { start, count in
      let middle = tape.middle(index) + start * width
      let inner = tape.expanded(index) + start * innerWidth
      let (mean, rstd) = tape.statistics(index, norm: 1)
      let dx = scratch.gradient.base + start * width
      let dInner = scratch.innerGradient.base
      Scalar.addColumnSums(dx, to: gradients + block.contractBias, rows: count, width: width)
      LinearProduct.inputGradient(
        dx, weight: parameters + block.contractWeight, into: dInner, rows: count, inputs: innerWidth, outputs: width,
        beta: 0)
      dropInner(dInner, index, start, count)
      Scalar.geluBackward(inner, gradient: dInner, bias: gradients + block.expandBias, rows: count, width: innerWidth)
      dropInner(inner, index, start, count)
      LinearProduct.addWeightGradient(
        dx, inner, to: gradients + block.contractWeight, rows: count, inputs: innerWidth, outputs: width)

      let normalized = scratch.normalized.base
      Scalar.layerNormAgain(
        middle, weight: parameters + block.patchNormWeight, bias: parameters + block.patchNormBias, mean: mean + start,
        rstd: rstd + start, into: normalized, rows: count, width: width)
      LinearProduct.addWeightGradient(
        dInner, normalized, to: gradients + block.expandWeight, rows: count, inputs: width, outputs: innerWidth)
      LinearProduct.inputGradient(
        dInner, weight: parameters + block.expandWeight, into: normalized, rows: count, inputs: width,
        outputs: innerWidth, beta: 0)
      Scalar.layerNormBackward(
        middle, weight: parameters + block.patchNormWeight, mean: mean + start, rstd: rstd + start,
        gradient: normalized, addingTo: dx, weight: gradients + block.patchNormWeight,
        bias: gradients + block.patchNormBias, rows: count, width: width)
    }
  }

  private func forEachChunk(_ rows: Int, _ body: (_ start: Int, _ count: Int) -> Void) {
    let chunk = MixerScratch<Scalar>.chunkRows
    for start in stride(from: 0, to: rows, by: chunk) { body(start, min(chunk, rows - start)) }
  }

  private func dropInner(_ x: UnsafeMutablePointer<Scalar>, _ index: Int, _ start: Int, _ count: Int) {
    guard let dropout else { return }
    Scalar.dropOut(x, count: count * blocks[index].innerWidth, dropout.mask(.inner, block: index, part: start))
  }
}
