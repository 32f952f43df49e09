internal import Tensors

/// The hidden states of a text that grows token by token: each new token costs one new row.
///
/// What can be kept, and what cannot. Mixing is causal, so a row never changes once computed, as long as the text
/// keeps its place in the window; then only each block's normalised states of the earlier rows are needed. But a text
/// stands at the *end* of the window, so a text that grew by one would move every row one position forward, onto other
/// mixing weights, and nothing of it could be kept. The text's full length is therefore planned ahead: its first token
/// is put where it stands in a text of `plannedLength` tokens, and the text grows towards the window's end. The states
/// are those of `MaskedMixer.hiddenStates(of:)` for the full text.
///
/// The plan is not neutral: in training the last position held the end of a text, so a model knows from the position how
/// much is still to come, and closes the text as the window ends.
struct IncrementalStates: ~Copyable {
  private let model: MaskedMixer
  private let plannedLength: Int
  /// For each block the normalised states so far, `plannedLength × D`.
  private let normalized: [AlignedBuffer<Float>]
  private(set) var count = 0

  init(_ model: MaskedMixer, plannedLength: Int) {
    precondition((1...model.configuration.contextLength).contains(plannedLength))
    self.model = model
    self.plannedLength = plannedLength
    normalized = model.blocks.map { _ in AlignedBuffer(count: plannedLength * model.width) }
  }

  /// Appends tokens and returns the logits of what follows the last one.
  mutating func append(_ tokens: [Int32]) -> [Float] {
    precondition(!tokens.isEmpty && count + tokens.count <= plannedLength, "the text is longer than planned")
    let (first, rows) = (count, tokens.count)
    count += rows
    return model.workspaces.withWorkspace(rows: rows) { workspace in
      model.lookUp(tokens, from: 0, workspace)
      for index in model.blocks.indices {
        mix(index, first: first, rows: rows, workspace)
        model.feedForwards[index].apply(states: workspace.states.base, rows: rows, workspace: workspace)
      }
      return logits(workspace.states.base + (rows - 1) * model.width)
    }
  }

  /// The first half of a block for the rows `first ..< first + rows` of the text.
  private func mix(_ index: Int, first: Int, rows: Int, _ workspace: MixerWorkspace) {
    let (block, width) = (model.blocks[index], model.width)
    let (base, stride) = (model.parameters.storage.base, block.positions)
    let start = stride - plannedLength
    let x = workspace.states.base
    let kept = normalized[index].base
    LayerNorm.forward(
      x, weight: base + block.sequenceNormWeight, bias: base + block.sequenceNormBias, into: kept + first * width,
      rows: rows, width: width)
    let position = start + first
    Elementwise.addRowBias(base + block.mixingBias + position, to: x, rows: rows, width: width)
    if let prefix = model.paddingPrefix {
      for row in 0..<rows {
        prefix.addContribution(
          block: index, model.parameters, position: start, toRow: position + row, x + row * width)
      }
    }
    if first > 0 {
      LinearProduct.mix(
        weight: base + block.mixingWeight + position * stride + start, stride: stride, kept, addingTo: x, rows: rows,
        positions: first, width: width)
    }
    LinearProduct.mixCausally(
      weight: base + block.mixingWeight + position * (stride + 1), stride: stride, kept + first * width, addingTo: x,
      positions: rows, width: width)
  }

  private func logits(_ state: UnsafePointer<Float>) -> [Float] {
    let vocabulary = model.configuration.vocabularySize
    return [Float](unsafeUninitializedCapacity: vocabulary) { buffer, count in
      count = vocabulary
      guard let base = buffer.baseAddress else { return }
      LinearProduct.apply(
        state, weight: model.parameters.pointer("lm_head.weight"), into: base, rows: 1, inputs: model.width,
        outputs: vocabulary, beta: 0)
    }
  }
}
