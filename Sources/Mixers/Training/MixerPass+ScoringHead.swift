internal import Tensors

/// The last feed-forward together with a head of one output, `score = head · x + b` for every row, where
/// `x = middle + FF2(h) + b2` and `h = GELU(FF1(patch_layernorm(middle)))`.
///
/// Both are linear in h, so that `score = head · middle + v · h + (head · b2 + b)` with `v = FF2ᵀ head`: the second
/// product of the feed-forward, and both of its backward pass, shrink to products with a vector, exactly.
extension MixerPass {
  /// Where the head's tensors lie among the parameters.
  struct ScoringHead {
    let weight: Int
    let bias: Int
  }

  /// - Parameter scores: one a row.
  func scoreForward(_ head: ScoringHead, into scores: UnsafeMutablePointer<Scalar>) {
    let (index, block) = (blocks.count - 1, blocks[blocks.count - 1])
    let folded = foldedHead(head)
    let constant =
      parameters[head.bias]
      + (0..<block.width).reduce(Scalar(0)) {
        $0 + parameters[head.weight + $1] * parameters[block.contractBias + $1]
      }
    scores.update(repeating: constant, count: rows)
    forEachChunk(rows) { start, count in
      LinearProduct.apply(
        tape.middle(index) + start * block.width, weight: parameters + head.weight, into: scores + start, rows: count,
        inputs: block.width, outputs: 1, beta: 1)
      if let rounded, let scores = scores as? UnsafeMutablePointer<Float>, let folded = folded as? [Float] {
        return rounded.scoreForward(folded, into: scores, start: start, count: count)
      }
      expandForward(index, start: start, count: count)
      LinearProduct.apply(
        scratch.inner.base, weight: folded, into: scores + start, rows: count, inputs: block.innerWidth, outputs: 1,
        beta: 1)
    }
  }

  /// Given the scores' gradient ds, leaves that of the last `middle` in `scratch.gradient`.
  func scoreBackward(_ head: ScoringHead, _ ds: UnsafePointer<Scalar>, _ gradients: UnsafeMutablePointer<Scalar>) {
    let (index, block) = (blocks.count - 1, blocks[blocks.count - 1])
    let (width, innerWidth) = (block.width, block.innerWidth)
    let folded = foldedHead(head)
    // Σ ds · middle and Σ ds · h, a row of D and one of 4 D.
    var middleSum = [Scalar](repeating: 0, count: width)
    let innerSum = AlignedBuffer<Scalar>(zeros: innerWidth)
    forEachChunk(rows) { start, count in
      LinearProduct.addWeightGradient(
        ds + start, tape.middle(index) + start * width, to: &middleSum, rows: count, inputs: width, outputs: 1)
      outer(
        ds + start, parameters + head.weight, into: scratch.gradient.base + start * width, rows: count, columns: width)
      activateBackward(folded, ds, innerSum.base, start: start, count: count, gradients)
    }
    let total = (0..<rows).reduce(Scalar(0)) { $0 + ds[$1] }
    headBackward(head, total: total, middleSum: middleSum, innerSum: innerSum.array(), gradients)
  }

  /// Adds a chunk of rows to Σ ds · h, and goes back from h to the last `middle`, to whose gradient it adds.
  private func activateBackward(
    _ folded: [Scalar], _ ds: UnsafePointer<Scalar>, _ innerSum: UnsafeMutablePointer<Scalar>, start: Int, count: Int,
    _ gradients: UnsafeMutablePointer<Scalar>
  ) {
    let (index, block) = (blocks.count - 1, blocks[blocks.count - 1])
    let innerWidth = block.innerWidth
    if let rounded, let folded = folded as? [Float], let ds = ds as? UnsafePointer<Float>,
      let gradients = gradients as? UnsafeMutablePointer<Float>,
      let innerSum = innerSum as? UnsafeMutablePointer<Float>
    {
      return rounded.scoreBackward(folded, ds, innerSum, start: start, count: count, gradients)
    }
    let inner = tape.expanded(index) + start * innerWidth
    outer(ds + start, folded, into: scratch.innerGradient.base, rows: count, columns: innerWidth)
    dropInner(scratch.innerGradient.base, index, start, count)
    Scalar.geluBackward(
      inner, gradient: scratch.innerGradient.base, bias: gradients + block.expandBias, rows: count, width: innerWidth)
    dropInner(inner, index, start, count)
    LinearProduct.addWeightGradient(ds + start, inner, to: innerSum, rows: count, inputs: innerWidth, outputs: 1)
    expandBackward(index, start: start, count: count, gradients)
  }

  /// The gradients of the head and of FF2, from the sums over all rows.
  private func headBackward(
    _ head: ScoringHead, total: Scalar, middleSum: [Scalar], innerSum: [Scalar],
    _ gradients: UnsafeMutablePointer<Scalar>
  ) {
    let block = blocks[blocks.count - 1]
    let (width, innerWidth) = (block.width, block.innerWidth)
    gradients[head.bias] += total
    // dhead = Σ ds · x, of which x's three parts are summed already.
    Scalar.accumulate(middleSum, to: gradients + head.weight, count: width)
    LinearProduct.apply(
      parameters + block.contractWeight, weight: innerSum, into: gradients + head.weight, rows: width,
      inputs: innerWidth, outputs: 1, beta: 1)
    for column in 0..<width {
      gradients[head.weight + column] += total * parameters[block.contractBias + column]
      gradients[block.contractBias + column] += total * parameters[head.weight + column]
    }
    // dFF2 = headᵀ · Σ ds · h
    Scalar.multiply(
      parameters + head.weight, transposeA: false, strideA: 1, innerSum, transposeB: false, strideB: innerWidth,
      into: gradients + block.contractWeight, strideC: innerWidth, rows: width, columns: innerWidth, depth: 1, alpha: 1,
      beta: 1)
  }

  /// v = FF2ᵀ head, 4 D values.
  private func foldedHead(_ head: ScoringHead) -> [Scalar] {
    let block = blocks[blocks.count - 1]
    var folded = [Scalar](repeating: 0, count: block.innerWidth)
    LinearProduct.inputGradient(
      parameters + head.weight, weight: parameters + block.contractWeight, into: &folded, rows: 1,
      inputs: block.innerWidth, outputs: block.width, beta: 0)
    return folded
  }

  /// `out[r][c] = a[r] · b[c]`
  private func outer(
    _ a: UnsafePointer<Scalar>, _ b: UnsafePointer<Scalar>, into out: UnsafeMutablePointer<Scalar>, rows: Int,
    columns: Int
  ) {
    Scalar.multiply(
      a, transposeA: false, strideA: 1, b, transposeB: false, strideB: columns, into: out, strideC: columns, rows: rows,
      columns: columns, depth: 1, alpha: 1, beta: 0)
  }
}
