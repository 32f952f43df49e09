internal import Tensors

/// The second half of a block, `x ← x + FF2(GELU(FF1(patch_layernorm(x))))`, on any rows: positions do not matter here.
struct FeedForward: Sendable {
  /// How many rows go through the inner width at a time, so that the inner activations stay near the core.
  static let chunkRows = 252

  private let block: MixerBlock
  private let parameters: ParameterBuffer<Float>
  private let expand: PackedWeights
  /// Nil where the caller has something else to multiply the inner activations with.
  private let contract: PackedWeights?

  init(
    _ block: MixerBlock, _ parameters: ParameterBuffer<Float>, products: ProductImplementation, contracts: Bool = true
  ) {
    self.block = block
    self.parameters = parameters
    let base = parameters.storage.base
    expand = PackedWeights(
      base + block.expandWeight, outputs: block.innerWidth, inputs: block.width, for: products)
    contract =
      contracts
      ? PackedWeights(base + block.contractWeight, outputs: block.width, inputs: block.innerWidth, for: products) : nil
  }

  /// - Parameters:
  ///   - states: `rows × width`, the residual stream, changed in place.
  ///   - workspace: `normalized` and `inner` are overwritten.
  func apply(states: UnsafeMutablePointer<Float>, rows: Int, workspace: MixerWorkspace) {
    guard let contract else { preconditionFailure("the second product was left out") }
    let (base, inner, scratch) = (parameters.storage.base, workspace.inner.base, workspace.scratch.base)
    forEachNormalizedChunk(states: states, rows: rows, workspace: workspace) { chunk, count, normalized in
      expand.expand(normalized, bias: base + block.expandBias, into: inner, rows: count, scratch: scratch)
      contract.contract(inner, bias: base + block.contractBias, addingTo: chunk, rows: count, scratch: scratch)
    }
  }

  /// Calls `body(chunk of states, its row count, GELU(FF1(patch_layernorm(chunk))))` for the rows, chunk by chunk.
  func forEachExpandedChunk(
    states: UnsafeMutablePointer<Float>, rows: Int, workspace: MixerWorkspace,
    _ body: (_ chunk: UnsafeMutablePointer<Float>, _ count: Int, _ inner: UnsafePointer<Float>) -> Void
  ) {
    let inner = workspace.inner.base
    forEachNormalizedChunk(states: states, rows: rows, workspace: workspace) { chunk, count, normalized in
      expand.apply(
        normalized, bias: parameters.storage.base + block.expandBias, into: inner, rows: count, finish: .gelu,
        scratch: workspace.scratch.base)
      body(chunk, count, inner)
    }
  }

  private func forEachNormalizedChunk(
    states: UnsafeMutablePointer<Float>, rows: Int, workspace: MixerWorkspace,
    _ body: (_ chunk: UnsafeMutablePointer<Float>, _ count: Int, _ normalized: UnsafePointer<Float>) -> Void
  ) {
    let (base, width, normalized) = (parameters.storage.base, block.width, workspace.normalized.base)
    for start in stride(from: 0, to: rows, by: Self.chunkRows) {
      let count = min(Self.chunkRows, rows - start)
      let chunk = states + start * width
      LayerNorm.forward(
        chunk, weight: base + block.patchNormWeight, bias: base + block.patchNormBias, into: normalized, rows: count,
        width: width)
      body(chunk, count, normalized)
    }
  }
}
