internal import Tensors

/// The last feed-forward's part in the scores, as in ``MixerPass``, for a chunk of rows: its products with vectors stay
/// in float32, on inner activations in bfloat16.
extension RoundedMixerPass {
  private var last: Int { pass.blocks.count - 1 }

  /// `scores += v · h`
  func scoreForward(_ folded: [Float], into scores: UnsafeMutablePointer<Float>, start: Int, count: Int) {
    expandForward(last, start: start, count: count)
    RoundedElementwise.addRowDots(
      scratch.inner.base, folded, to: scores + start, rows: count, width: pass.blocks[last].innerWidth)
  }

  /// Adds to Σ ds · h, and goes back from h to `middle`, to whose gradient it adds.
  func scoreBackward(
    _ folded: [Float], _ ds: UnsafePointer<Float>, _ innerSum: UnsafeMutablePointer<Float>, start: Int, count: Int,
    _ gradients: UnsafeMutablePointer<Float>
  ) {
    let innerWidth = pass.blocks[last].innerWidth
    RoundedElementwise.outer(ds + start, folded, into: scratch.innerGradient.base, rows: count, width: innerWidth)
    let inner = activateBackward(last, start: start, count: count, gradients)
    RoundedElementwise.addWeightedRows(inner, ds + start, to: innerSum, rows: count, width: innerWidth)
    expandBackward(last, start: start, count: count, gradients)
  }
}
