internal import Tensors

/// One pass through the blocks of a mixer, forward and back, over the rows of several segments.
///
/// The forward pass reads `tape.states(0)` and ends in `tape.states(blocks.count)`; the backward pass starts from the
/// gradient of the latter in `scratch.gradient` and leaves there that of the former. Where the pass ends before the last
/// feed-forward, that is `tape.middle` of the last block instead.
struct MixerPass<Scalar: GradientScalar> {
  let blocks: [MixerBlock]
  let segments: [RowSegment]
  let rows: Int
  /// Whether a row sees only the rows of its segment up to itself, or all of them.
  let isCausal: Bool
  /// Whether the last block is computed for the last row of each segment only; the result then has one row a segment.
  var lastRowsOnly = false
  /// Whether the last block ends with its token mixing, because a scoring head takes the place of its feed-forward.
  var endsBeforeLastFeedForward = false
  var dropout: Dropout?
  /// Of the same parameters; without them the products are those with the weights as they are.
  var weights: StepWeights<Scalar>?
  let parameters: UnsafeMutablePointer<Scalar>
  let tape: MixerTape<Scalar>
  let scratch: MixerScratch<Scalar>

  func forward() {
    precondition(rows <= tape.rowCapacity && rows <= scratch.rowCapacity, "more rows than the tape has room for")
    precondition(tape.precision == weights?.precision ?? .float32, "the tape is for another precision")
    if let dropout { Scalar.dropOut(tape.states(0), count: rows * blocks[0].width, dropout.mask(.input)) }
    for index in blocks.indices {
      normalizeForward(index)
      if isReduced(index) {
        mixLastRowsForward(index)
      } else {
        mixForward(index)
      }
      if hasFeedForward(index) { feedForwardForward(index, rows: isReduced(index) ? segments.count : rows) }
    }
  }

  /// - Parameter gradients: of the parameters, in the same layout; added to. Above the diagonal of causal mixing
  ///   weights stray values appear, see ``MaskedMixerTraining/clearAboveDiagonal(_:)``.
  func backward(gradients: UnsafeMutablePointer<Scalar>) {
    for index in blocks.indices.reversed() {
      if hasFeedForward(index) {
        feedForwardBackward(index, rows: isReduced(index) ? segments.count : rows, gradients)
      }
      normalizeAgain(index)
      if isReduced(index) {
        mixLastRowsBackward(index, gradients)
      } else {
        mixBackward(index, gradients)
      }
      normalizeBackward(index, gradients)
    }
    if let dropout { Scalar.dropOut(scratch.gradient.base, count: rows * blocks[0].width, dropout.mask(.input)) }
  }

  private func hasFeedForward(_ index: Int) -> Bool { !endsBeforeLastFeedForward || index < blocks.count - 1 }

  private func isReduced(_ index: Int) -> Bool { lastRowsOnly && index == blocks.count - 1 }
}

// MARK: - The layer norm before the token mixing

extension MixerPass {
  private func normalizeForward(_ index: Int) {
    let block = blocks[index]
    let (mean, rstd) = tape.statistics(index, norm: 0)
    Scalar.layerNormForward(
      tape.states(index), weight: parameters + block.sequenceNormWeight, bias: parameters + block.sequenceNormBias,
      into: scratch.normalized.base, mean: mean, rstd: rstd, rows: rows, width: block.width)
    dropNormalized(scratch.normalized.base, index)
  }

  private func normalizeAgain(_ index: Int) {
    let block = blocks[index]
    let (mean, rstd) = tape.statistics(index, norm: 0)
    Scalar.layerNormAgain(
      tape.states(index), weight: parameters + block.sequenceNormWeight, bias: parameters + block.sequenceNormBias,
      mean: mean, rstd: rstd, into: scratch.normalized.base, rows: rows, width: block.width)
    dropNormalized(scratch.normalized.base, index)
  }

  private func normalizeBackward(_ index: Int, _ gradients: UnsafeMutablePointer<Scalar>) {
    let block = blocks[index]
    let (mean, rstd) = tape.statistics(index, norm: 0)
    dropNormalized(scratch.normalizedGradient.base, index)
    Scalar.layerNormBackward(
      tape.states(index), weight: parameters + block.sequenceNormWeight, mean: mean, rstd: rstd,
      gradient: scratch.normalizedGradient.base, addingTo: scratch.gradient.base,
      weight: gradients + block.sequenceNormWeight, bias: gradients + block.sequenceNormBias, rows: rows,
      width: block.width)
  }

  private func dropNormalized(_ x: UnsafeMutablePointer<Scalar>, _ index: Int) {
    if let dropout { Scalar.dropOut(x, count: rows * blocks[index].width, dropout.mask(.mixing, block: index)) }
  }
}
