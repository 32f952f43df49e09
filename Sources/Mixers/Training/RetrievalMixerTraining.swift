public import Tensors

/// The forward pass of a retrieval mixer beside its backward pass, for one worker's contexts at a time.
public struct RetrievalMixerTraining<Scalar: GradientScalar>: Sendable {
  public let configuration: RetrievalMixerConfiguration
  /// The layout of parameters and gradients.
  public let layout: ParameterLayout
  private let blocks: [MixerBlock]
  private let headWeight: Int
  private let headBias: Int

  public init(_ configuration: RetrievalMixerConfiguration) {
    self.configuration = configuration
    layout = MixerLayout.retrievalMixer(configuration)
    let layout = layout
    blocks = (0..<configuration.blockCount).map {
      MixerBlock($0, width: configuration.hiddenSize, positions: configuration.contextWidth, in: layout)
    }
    headWeight = layout.offset(of: "retrieval_head.weight")
    headBias = layout.offset(of: "retrieval_head.bias")
  }

  private var width: Int { configuration.hiddenSize }

  /// The cross-entropy over each context's C − 1 scores against the slot of its match, summed over the contexts.
  ///
  /// - Parameters:
  ///   - matches: for each context the slot of its match, `0..<C − 1`.
  ///   - gradients: added to, times `scale`; nil computes the loss alone.
  ///   - fill: writes the input of all contexts, `matches.count × C × D`.
  /// - Returns: the loss, and in how many contexts the match has the highest score (the first of equals).
  public func loss(
    matches: [Int32], parameters: ParameterBuffer<Scalar>, gradients: ParameterBuffer<Scalar>?, scale: Double,
    dropout: Dropout? = nil, tape: MixerTape<Scalar>, scratch: MixerScratch<Scalar>,
    fill: (UnsafeMutablePointer<Scalar>) -> Void
  ) -> (loss: Double, correct: Int) {
    let (rows, candidates) = (configuration.contextWidth, configuration.candidateCount)
    let base = parameters.storage.base
    let pass = MixerPass(
      blocks: blocks,
      segments: matches.indices.map { RowSegment(start: $0 * rows, count: rows, position: 0) },
      rows: matches.count * rows, isCausal: false, dropout: dropout, parameters: base, tape: tape, scratch: scratch)
    fill(tape.states(0))
    pass.forward()

    var scores = scoresForward(base, states: tape.states(blocks.count), contexts: matches.count)
    let correct = matches.indices.count { context in
      let own = scores[context * candidates..<(context + 1) * candidates]
      return own.max() == own[own.startIndex + Int(matches[context])]
        && own.firstIndex(of: own.max() ?? 0) == own.startIndex + Int(matches[context])
    }
    let loss = scores.withUnsafeMutableBufferPointer { scores -> Double in
      guard let scores = scores.baseAddress else { return 0 }
      return Scalar.softmaxCrossEntropy(
        scores, targets: matches, rows: matches.count, width: candidates, scale: Scalar(scale))
    }
    if let gradients {
      scoresBackward(scores, base, gradients.storage.base, states: tape.states(blocks.count), scratch: scratch)
      pass.backward(gradients: gradients.storage.base)
    }
    return (loss, correct)
  }

  /// `score = head · x + b` for rows 1 … C − 1 of each context.
  private func scoresForward(
    _ parameters: UnsafePointer<Scalar>, states: UnsafePointer<Scalar>, contexts: Int
  ) -> [Scalar] {
    let (rows, candidates) = (configuration.contextWidth, configuration.candidateCount)
    var scores = [Scalar](repeating: parameters[headBias], count: contexts * candidates)
    scores.withUnsafeMutableBufferPointer { scores in
      guard let scores = scores.baseAddress else { return }
      for context in 0..<contexts {
        LinearProduct.apply(
          states + (context * rows + 1) * width, weight: parameters + headWeight, into: scores + context * candidates,
          rows: candidates, inputs: width, outputs: 1, beta: 1)
      }
    }
    return scores
  }

  /// Given the scores' gradient, leaves that of the states in `scratch.gradient`.
  private func scoresBackward(
    _ scoreGradient: [Scalar], _ parameters: UnsafePointer<Scalar>, _ gradients: UnsafeMutablePointer<Scalar>,
    states: UnsafePointer<Scalar>, scratch: MixerScratch<Scalar>
  ) {
    let (rows, candidates) = (configuration.contextWidth, configuration.candidateCount)
    scoreGradient.withUnsafeBufferPointer { scoreGradient in
      guard let dScores = scoreGradient.baseAddress else { return }
      for context in 0..<scoreGradient.count / candidates {
        let own = dScores + context * candidates
        let x = states + (context * rows + 1) * width
        let dx = scratch.gradient.base + context * rows * width
        // The query's row has no score.
        dx.update(repeating: 0, count: width)
        LinearProduct.inputGradient(
          own, weight: parameters + headWeight, into: dx + width, rows: candidates, inputs: width, outputs: 1, beta: 0)
        LinearProduct.addWeightGradient(
          own, x, to: gradients + headWeight, rows: candidates, inputs: width, outputs: 1)
        Scalar.addRowSums(own, to: gradients + headBias, rows: 1, width: candidates)
      }
    }
  }
}
