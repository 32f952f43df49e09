internal import Tensors

/// The forward pass over the rows of several texts packed one after another, without their padding.
extension MaskedMixer {
  /// Where one text's rows lie in a pack. Its first row is at `position` in the window.
  struct Segment {
    let start: Int
    let count: Int
    let position: Int
  }

  /// The first half of `block` for one segment: `x ← x + tril(W) · y + b`, y being the normalised states.
  func mixTokens(_ index: Int, _ segment: Segment, _ workspace: MixerWorkspace) {
    let block = blocks[index]
    let (base, length) = (parameters.storage.base, block.positions)
    let x = workspace.states.base + segment.start * width
    paddingPrefix?.addContribution(
      block: index, parameters, position: segment.position, to: x, rows: segment.count, scratch: workspace.scratch.base)
    MixingProduct.apply(
      weight: base + block.mixingWeight + segment.position * (length + 1), stride: length,
      bias: base + block.mixingBias + segment.position, workspace.normalized.base + segment.start * width, addingTo: x,
      rows: segment.count, positions: segment.count, width: width, isCausal: true, implementation: products,
      scratch: workspace.scratch.base)
  }

  /// The same for the segment's last row only, which is written to `row`.
  func mixLastToken(
    _ index: Int, _ segment: Segment, _ workspace: MixerWorkspace, into row: UnsafeMutablePointer<Float>
  ) {
    let block = blocks[index]
    let (base, length) = (parameters.storage.base, block.positions)
    let last = segment.position + segment.count - 1
    row.update(from: workspace.states.base + (segment.start + segment.count - 1) * width, count: width)
    Elementwise.addRowBias(base + block.mixingBias + last, to: row, rows: 1, width: width)
    paddingPrefix?.addContribution(
      block: index, parameters, position: segment.position, toRow: last, row)
    LinearProduct.mix(
      weight: base + block.mixingWeight + last * length + segment.position, stride: length,
      workspace.normalized.base + segment.start * width, addingTo: row, rows: 1, positions: segment.count, width: width)
  }

  func normalizeForMixing(_ index: Int, _ workspace: MixerWorkspace, rows: Int) {
    let base = parameters.storage.base
    LayerNorm.forward(
      workspace.states.base, weight: base + blocks[index].sequenceNormWeight,
      bias: base + blocks[index].sequenceNormBias,
      into: workspace.normalized.base, rows: rows, width: width)
  }

  /// Copies the embeddings of a segment's tokens to its rows.
  func lookUp(_ tokens: some Sequence<Int32>, from start: Int, _ workspace: MixerWorkspace) {
    var row = workspace.states.base + start * width
    for token in tokens {
      row.update(from: embeddingRow(of: token), count: width)
      row += width
    }
  }
}
