public import Operations
public import Tensors

extension RetrievalMixer {
  /// Scores the candidates of `count` contexts.
  ///
  /// - Parameters:
  ///   - threads: workers; each takes one context at a time.
  ///   - fill: writes the raw embeddings of context `index` to rows 0 (the query), 1, 2, … of a C × D block and
  ///     returns how many candidates it wrote, at most C − 1. The free slots get the model's fillers.
  /// - Returns: for each context the scores of its candidates, in slot order. Only their order within one context
  ///   means anything.
  /// - Throws: `OperationError` when cancelled.
  public func score(
    contexts count: Int, threads: Int = WorkerPool.defaultThreads, cancellation: Cancellation? = nil,
    fill: @Sendable (_ index: Int, _ rows: UnsafeMutablePointer<Float>) -> Int
  ) throws -> [[Float]] {
    let slots = configuration.candidateCount
    let scores = AlignedBuffer<Float>(count: count * slots)
    let filled = AlignedBuffer<Int>(zeros: count)
    try WorkerPool.forEach(count: count, threads: threads) { _, index in
      try cancellation?.check()
      workspaces.withWorkspace(rows: configuration.contextWidth) { workspace in
        let candidates = fill(index, workspace.states.base)
        precondition((0...slots).contains(candidates), "more candidates than slots")
        filled.base[index] = candidates
        inputs.complete(workspace.states.base, candidates: candidates)
        forward(workspace, into: scores.base + index * slots)
      }
    }
    let counts = filled.array()
    return (0..<count).map { scores.array($0 * slots..<$0 * slots + counts[$0]) }
  }

  /// The forward pass over the C rows in `workspace.states`, with C − 1 scores as the result.
  private func forward(_ workspace: MixerWorkspace, into scores: UnsafeMutablePointer<Float>) {
    let rows = configuration.contextWidth
    let base = parameters.storage.base
    let states = workspace.states.base
    for (index, block) in blocks.enumerated() {
      LayerNorm.forward(
        states, weight: base + block.sequenceNormWeight, bias: base + block.sequenceNormBias,
        into: workspace.normalized.base, rows: rows, width: width)
      MixingProduct.apply(
        weight: base + block.mixingWeight, stride: rows, bias: base + block.mixingBias, workspace.normalized.base,
        addingTo: states, rows: rows, positions: rows, width: width, isCausal: false, implementation: products,
        scratch: workspace.scratch.base)
      if index < blocks.count - 1 {
        feedForwards[index].apply(states: states, rows: rows, workspace: workspace)
      } else {
        scoreRows(block, workspace, into: scores)
      }
    }
  }

  /// The last feed-forward with the head folded in: `score = head · x + (FF2ᵀ head) · GELU(…) + head · b2 + b`,
  /// so that its second product is with one vector instead of a matrix. The query's row has no score.
  private func scoreRows(_ block: MixerBlock, _ workspace: MixerWorkspace, into scores: UnsafeMutablePointer<Float>) {
    let head = UnsafePointer(parameters.pointer("retrieval_head.weight"))
    var done = 0
    feedForwards[feedForwards.count - 1].forEachExpandedChunk(
      states: workspace.states.base + width, rows: configuration.candidateCount, workspace: workspace
    ) { chunk, count, inner in
      let part = scores + done
      part.update(repeating: foldedBias, count: count)
      LinearProduct.apply(chunk, weight: head, into: part, rows: count, inputs: width, outputs: 1, beta: 1)
      LinearProduct.apply(
        inner, weight: foldedHead, into: part, rows: count, inputs: block.innerWidth, outputs: 1, beta: 1)
      done += count
    }
  }
}
