internal import Tensors

/// The second half of a block, `x ← x + FF2(GELU(FF1(patch_layernorm(x))))`, on any rows: positions do not matter here.
enum FeedForward {
  /// How many rows go through the inner width at a time, so that the inner activations stay near the core.
  static let chunkRows = 256

  /// - Parameters:
  ///   - states: `rows × width`, the residual stream, changed in place.
  ///   - workspace: `normalized` and `inner` are overwritten.
  static func apply(
    _ block: MixerBlock, _ parameters: ParameterBuffer<Float>, states: UnsafeMutablePointer<Float>, rows: Int,
    workspace: MixerWorkspace
  ) {
    let (base, width) = (parameters.storage.base, block.width)
    forEachExpandedChunk(block, parameters, states: states, rows: rows, workspace: workspace) { chunk, count, inner in
      Elementwise.addColumnBias(base + block.contractBias, to: chunk, rows: count, width: width)
      LinearProduct.apply(
        inner, weight: base + block.contractWeight, into: chunk, rows: count, inputs: block.innerWidth, outputs: width,
        beta: 1)
    }
  }

  /// Calls `body(chunk of states, its row count, GELU(FF1(patch_layernorm(chunk))))` for the rows, chunk by chunk.
  static func forEachExpandedChunk(
    _ block: MixerBlock, _ parameters: ParameterBuffer<Float>, states: UnsafeMutablePointer<Float>, rows: Int,
    workspace: MixerWorkspace,
    _ body: (_ chunk: UnsafeMutablePointer<Float>, _ count: Int, _ inner: UnsafePointer<Float>) -> Void
  ) {
    let (base, width) = (parameters.storage.base, block.width)
    let (normalized, inner) = (workspace.normalized.base, workspace.inner.base)
    for start in stride(from: 0, to: rows, by: chunkRows) {
      let count = min(chunkRows, rows - start)
      let chunk = states + start * width
      LayerNorm.forward(
        chunk, weight: base + block.patchNormWeight, bias: base + block.patchNormBias, into: normalized, rows: count,
        width: width)
      LinearProduct.apply(
        normalized, weight: base + block.expandWeight, into: inner, rows: count, inputs: width,
        outputs: block.innerWidth, beta: 0)
      GELU.forward(inner, addingBias: base + block.expandBias, rows: count, width: block.innerWidth)
      body(chunk, count, inner)
    }
  }
}
