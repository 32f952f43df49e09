internal import Tensors

/// The parts of a ``MixerPass`` that hold its large products, with these in bfloat16: their factors are rounded, their
/// sums, and the residual stream, norms and gradients of parameters, are float32. What lies between the two products of
/// the feed-forward is kept in bfloat16, on the tape as well.
///
/// (Mixed precision with float32 master weights: Micikevicius et al. 2018, arXiv 1710.03740; bfloat16 has float32's
/// range, so the loss needs no scaling: Kalamkar et al. 2019, arXiv 1905.12322.)
struct RoundedMixerPass {
  let pass: MixerPass<Float>
  let weights: StepWeights<Float>
  let scratch: RoundedMixerScratch

  var parameters: UnsafeMutablePointer<Float> { pass.parameters }
  var tape: MixerTape<Float> { pass.tape }
}

extension MixerPass {
  /// This pass with its products in bfloat16, where its weights are packed for them.
  var rounded: RoundedMixerPass? {
    guard let weights, weights.precision == .bfloat16 else { return nil }
    guard let pass = self as? MixerPass<Float>, let weights = pass.weights, let scratch = pass.scratch.rounded else {
      preconditionFailure("the scratch is for another precision than the weights")
    }
    return RoundedMixerPass(pass: pass, weights: weights, scratch: scratch)
  }
}

/// The memory of one worker's products in bfloat16, and what lies between them.
final class RoundedMixerScratch: Sendable {
  let products: RoundedProduct.Scratch
  let inner: AlignedBuffer<BFloat16>
  let innerGradient: AlignedBuffer<BFloat16>

  init(width: Int, rowCapacity: Int, chunkRows: Int) {
    let innerWidth = 4 * width
    products = RoundedProduct.Scratch(
      panelCount: max(
        RoundedPanels.count(depth: chunkRows, columns: innerWidth),
        RoundedProduct.mixingPanelCount(positions: rowCapacity, width: width)),
      depth: max(rowCapacity, innerWidth, 4096))
    inner = AlignedBuffer(count: chunkRows * innerWidth)
    innerGradient = AlignedBuffer(count: chunkRows * innerWidth)
  }
}
