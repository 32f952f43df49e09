internal import Tensors

/// The feed-forward and its backward pass, as in ``MixerPass``.
extension RoundedMixerPass {
  func feedForwardForward(_ index: Int, rows: Int) {
    let block = pass.blocks[index]
    let (width, innerWidth) = (block.width, block.innerWidth)
    pass.forEachChunk(rows) { start, count in
      let out = tape.states(index + 1) + start * width
      expandForward(index, start: start, count: count)
      Float.addColumnBias(
        tape.middle(index) + start * width, parameters + block.contractBias, into: out, rows: count, width: width)
      RoundedProduct.apply(
        RoundedFactor(scratch.inner.base, stride: innerWidth), weights.forward(block.contractWeight), into: out,
        stride: width, rows: count, adds: true, scratch: scratch.products)
    }
  }

  /// `scratch.inner ← GELU(FF1(patch_layernorm(middle)))` for a chunk of rows.
  func expandForward(_ index: Int, start: Int, count: Int) {
    let block = pass.blocks[index]
    let (width, innerWidth) = (block.width, block.innerWidth)
    let expanded = tape.roundedExpanded(index) + start * innerWidth
    let (mean, rstd) = tape.statistics(index, norm: 1)
    let normalized = pass.scratch.normalized.base
    Float.layerNormForward(
      tape.middle(index) + start * width, weight: parameters + block.patchNormWeight,
      bias: parameters + block.patchNormBias, into: normalized, mean: mean + start, rstd: rstd + start, rows: count,
      width: width)
    RoundedProduct.apply(
      RoundedFactor(normalized, stride: width), weights.forward(block.expandWeight),
      bias: parameters + block.expandBias, into: expanded, stride: innerWidth, rows: count, scratch: scratch.products)
    RoundedElementwise.geluForward(expanded, into: scratch.inner.base, count: count * innerWidth)
    dropInner(scratch.inner.base, index, start, count)
  }

  func feedForwardBackward(_ index: Int, rows: Int, _ gradients: UnsafeMutablePointer<Float>) {
    let block = pass.blocks[index]
    let (width, innerWidth) = (block.width, block.innerWidth)
    pass.forEachChunk(rows) { start, count in
      let dx = pass.scratch.gradient.base + start * width
      Float.addColumnSums(dx, to: gradients + block.contractBias, rows: count, width: width)
      RoundedProduct.apply(
        RoundedFactor(dx, stride: width), weights.backward(block.contractWeight), into: scratch.innerGradient.base,
        stride: innerWidth, rows: count, scratch: scratch.products)
      let inner = activateBackward(index, start: start, count: count, gradients)
      let panels = scratch.products.pack(
        RoundedFactor(inner, stride: innerWidth), depth: count, columns: innerWidth)
      RoundedProduct.apply(
        RoundedFactor(dx, stride: width).transposed, panels, into: gradients + block.contractWeight,
        stride: innerWidth, rows: width, adds: true, scratch: scratch.products)
      expandBackward(index, start: start, count: count, gradients)
    }
  }

  /// `scratch.innerGradient` goes from that of GELU's result to that of FF1's. The tape's `expanded` becomes GELU's
  /// result, which is returned.
  func activateBackward(
    _ index: Int, start: Int, count: Int, _ gradients: UnsafeMutablePointer<Float>
  ) -> UnsafeMutablePointer<BFloat16> {
    let block = pass.blocks[index]
    let inner = tape.roundedExpanded(index) + start * block.innerWidth
    dropInner(scratch.innerGradient.base, index, start, count)
    RoundedElementwise.geluBackward(
      inner, gradient: scratch.innerGradient.base, bias: gradients + block.expandBias, rows: count,
      width: block.innerWidth)
    dropInner(inner, index, start, count)
    return inner
  }

  /// From the gradient of FF1's result, in `scratch.innerGradient`, to that of `middle`, which is added to the pass's
  /// gradient: through FF1 and the layer norm, for a chunk of rows.
  func expandBackward(_ index: Int, start: Int, count: Int, _ gradients: UnsafeMutablePointer<Float>) {
    let block = pass.blocks[index]
    let (width, innerWidth) = (block.width, block.innerWidth)
    let middle = tape.middle(index) + start * width
    let (mean, rstd) = tape.statistics(index, norm: 1)
    let normalized = pass.scratch.normalized.base
    let dInner = RoundedFactor(scratch.innerGradient.base, stride: innerWidth)
    Float.layerNormAgain(
      middle, weight: parameters + block.patchNormWeight, bias: parameters + block.patchNormBias, mean: mean + start,
      rstd: rstd + start, into: normalized, rows: count, width: width)
    let panels = scratch.products.pack(RoundedFactor(normalized, stride: width), depth: count, columns: width)
    RoundedProduct.apply(
      dInner.transposed, panels, into: gradients + block.expandWeight, stride: width, rows: innerWidth, adds: true,
      scratch: scratch.products)
    RoundedProduct.apply(
      dInner, weights.backward(block.expandWeight), into: normalized, stride: width, rows: count,
      scratch: scratch.products)
    Float.layerNormBackward(
      middle, weight: parameters + block.patchNormWeight, mean: mean + start, rstd: rstd + start, gradient: normalized,
      addingTo: pass.scratch.gradient.base + start * width, weight: gradients + block.patchNormWeight,
      bias: gradients + block.patchNormBias, rows: count, width: width)
  }

  private func dropInner(_ x: UnsafeMutablePointer<BFloat16>, _ index: Int, _ start: Int, _ count: Int) {
    guard let dropout = pass.dropout else { return }
    RoundedElementwise.dropOut(
      x, count: count * pass.blocks[index].innerWidth, dropout.mask(.inner, block: index, part: start))
  }
}
