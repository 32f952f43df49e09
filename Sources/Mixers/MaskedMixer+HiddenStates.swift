internal import Tensors

extension MaskedMixer {
  /// The hidden states after the last block at the text's own positions, the last n rows of the window.
  ///
  /// - Parameter tokens: 1 to L tokens of the vocabulary.
  /// - Returns: `tokens.count × D`.
  public func hiddenStates(of tokens: [Int32]) -> [Float] {
    precondition((1...configuration.contextLength).contains(tokens.count), "1 to L tokens")
    let segment = Segment(start: 0, count: tokens.count, position: configuration.contextLength - tokens.count)
    return workspaces.withWorkspace(rows: tokens.count) { workspace in
      let states = workspace.states.base
      lookUp(tokens, from: 0, workspace)
      for index in blocks.indices {
        normalizeForMixing(index, workspace, rows: tokens.count)
        mixTokens(index, segment, workspace)
        feedForwards[index].apply(states: states, rows: tokens.count, workspace: workspace)
      }
      return Array(UnsafeBufferPointer(start: states, count: tokens.count * width))
    }
  }

  /// `lm_head(hidden)`: the scores of every next token after each of the text's positions.
  ///
  /// - Returns: `tokens.count × V`.
  public func logits(of tokens: [Int32]) -> [Float] {
    let hidden = hiddenStates(of: tokens)
    let vocabulary = configuration.vocabularySize
    return [Float](unsafeUninitializedCapacity: tokens.count * vocabulary) { buffer, count in
      count = tokens.count * vocabulary
      guard let base = buffer.baseAddress else { return }
      LinearProduct.apply(
        hidden, weight: parameters.pointer("lm_head.weight"), into: base, rows: tokens.count, inputs: width,
        outputs: vocabulary, beta: 0)
    }
  }
}
