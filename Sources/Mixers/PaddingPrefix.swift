internal import Tensors

/// What padding contributes with padding `token`, computed once for all texts.
///
/// Mixing is causal, so the states at padded positions are the same for every text with at least that much padding:
/// those of a window of padding only. Kept are each block's normalised states, from which a text's rows receive the
/// fixed term `W[p:, :p] · prefix[:p]` when p positions before it are padded.
struct PaddingPrefix: Sendable {
  private let width: Int
  private let blocks: [MixerBlock]
  private let products: ProductImplementation
  /// For each block, L × D.
  private let normalized: [AlignedBuffer<Float>]

  init(
    _ configuration: MaskedMixerConfiguration, parameters: ParameterBuffer<Float>, blocks: [MixerBlock],
    feedForwards: [FeedForward], products: ProductImplementation, workspaces: WorkspacePool
  ) {
    let (width, length) = (configuration.hiddenSize, configuration.contextLength)
    self.width = width
    self.blocks = blocks
    self.products = products
    let base = parameters.storage.base
    normalized = workspaces.withWorkspace(rows: length) { workspace in
      let states = workspace.states.base
      let pad = parameters.pointer("wte.weight") + Int(configuration.padTokenID) * width
      for row in 0..<length { (states + row * width).update(from: pad, count: width) }
      return blocks.enumerated().map { index, block in
        let kept = AlignedBuffer<Float>(count: length * width)
        LayerNorm.forward(
          states, weight: base + block.sequenceNormWeight, bias: base + block.sequenceNormBias, into: kept.base,
          rows: length, width: width)
        // What comes after the last block's normalisation reaches no other position.
        guard index + 1 < blocks.count else { return kept }
        MixingProduct.apply(
          weight: base + block.mixingWeight, stride: length, bias: base + block.mixingBias, kept.base, addingTo: states,
          rows: length, positions: length, width: width, isCausal: true, implementation: products,
          scratch: workspace.scratch.base)
        feedForwards[index].apply(states: states, rows: length, workspace: workspace)
        return kept
      }
    }
  }

  /// Adds the term to the `rows` rows of a text that starts at `position`.
  func addContribution(
    block index: Int, _ parameters: ParameterBuffer<Float>, position: Int, to x: UnsafeMutablePointer<Float>, rows: Int,
    scratch: UnsafeMutablePointer<Float>
  ) {
    guard position > 0 else { return }
    let block = blocks[index]
    MixingProduct.apply(
      weight: parameters.storage.base + block.mixingWeight + position * block.positions, stride: block.positions,
      bias: nil, normalized[index].base, addingTo: x, rows: rows, positions: position, width: width, isCausal: false,
      implementation: products, scratch: scratch)
  }

  /// Adds the term to one row at window position `row` of a text that starts at `position`.
  func addContribution(
    block index: Int, _ parameters: ParameterBuffer<Float>, position: Int, toRow row: Int,
    _ x: UnsafeMutablePointer<Float>
  ) {
    guard position > 0 else { return }
    let block = blocks[index]
    LinearProduct.mix(
      weight: parameters.storage.base + block.mixingWeight + row * block.positions, stride: block.positions,
      normalized[index].base, addingTo: x, rows: 1, positions: position, width: width)
  }
}
