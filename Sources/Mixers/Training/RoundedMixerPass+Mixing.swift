internal import Tensors

/// The products of token mixing, as in ``MixerPass``, for one segment.
extension RoundedMixerPass {
  /// `middle ← middle + W · y`
  func mixForward(_ index: Int, _ segment: RowSegment) {
    let block = pass.blocks[index]
    let start = segment.start * block.width
    RoundedProduct.mix(
      weight: parameters + offset(block, segment), stride: block.positions, pass.scratch.normalized.base + start,
      addingTo: tape.middle(index) + start, rows: segment.count, positions: segment.count, width: block.width,
      isCausal: pass.isCausal, scratch: scratch.products)
  }

  /// The gradients of W and y from that of `middle`.
  func mixBackward(_ index: Int, _ segment: RowSegment, _ gradients: UnsafeMutablePointer<Float>) {
    let block = pass.blocks[index]
    let start = segment.start * block.width
    let dx = pass.scratch.gradient.base + start
    RoundedProduct.addMixingGradient(
      dx, pass.scratch.normalized.base + start, to: gradients + offset(block, segment), stride: block.positions,
      positions: segment.count, width: block.width, isCausal: pass.isCausal, scratch: scratch.products)
    RoundedProduct.mixingInputGradient(
      dx, weight: parameters + offset(block, segment), stride: block.positions,
      into: pass.scratch.normalizedGradient.base + start, positions: segment.count, width: block.width,
      isCausal: pass.isCausal, scratch: scratch.products)
  }

  /// Where the segment's weights begin, on the diagonal.
  private func offset(_ block: MixerBlock, _ segment: RowSegment) -> Int {
    block.mixingWeight + segment.position * (block.positions + 1)
  }
}
