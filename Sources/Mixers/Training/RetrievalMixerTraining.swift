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

  /// Room for the weights as a step reads them fastest, in float32 or bfloat16.
  public func makeStepWeights(_ precision: Precision = .float32) -> StepWeights<Scalar> {
    makeStepWeights(products: StepWeights<Scalar>.preferredProducts(for: precision))
  }

  /// The same with a choice of who computes the products.
  func makeStepWeights(products: ProductImplementation) -> StepWeights<Scalar> {
    StepWeights(blocks, products: products)
  }

  /// The cross-entropy over each context's C − 1 scores against the slot of its match, summed over the contexts.
  ///
  /// - Parameters:
  ///   - matches: for each context the slot of its match, `0..<C − 1`.
  ///   - gradients: added to, times `scale`; nil computes the loss alone.
  ///   - weights: of these parameters; without them products are float32.
  ///   - fill: writes the input of all contexts, `matches.count × C × D`.
  /// - Returns: the loss, and in how many contexts the match has the highest score (the first of equals).
  public func loss(
    matches: [Int32], parameters: ParameterBuffer<Scalar>, gradients: ParameterBuffer<Scalar>?, scale: Double,
    dropout: Dropout? = nil, weights: StepWeights<Scalar>? = nil, tape: MixerTape<Scalar>,
    scratch: MixerScratch<Scalar>, fill: (UnsafeMutablePointer<Scalar>) -> Void
  ) -> (loss: Double, correct: Int) {
    let (rows, candidates) = (configuration.contextWidth, configuration.candidateCount)
    let base = parameters.storage.base
    let head = MixerPass<Scalar>.ScoringHead(weight: headWeight, bias: headBias)
    let pass = MixerPass(
      blocks: blocks,
      segments: matches.indices.map { RowSegment(start: $0 * rows, count: rows, position: 0) },
      rows: matches.count * rows, isCausal: false, endsBeforeLastFeedForward: true, dropout: dropout,
      weights: weights, parameters: base, tape: tape, scratch: scratch)
    fill(tape.states(0))
    pass.forward()
    var all = [Scalar](repeating: 0, count: matches.count * rows)
    pass.scoreForward(head, into: &all)

    // The query's row has no score.
    var scores = matches.indices.flatMap { all[$0 * rows + 1..<($0 + 1) * rows] }
    let correct = matches.indices.count { context in
      let own = scores[context * candidates..<(context + 1) * candidates]
      return own.firstIndex(of: own.max() ?? 0) == own.startIndex + Int(matches[context])
    }
    let loss = Scalar.softmaxCrossEntropy(
      &scores, targets: matches, rows: matches.count, width: candidates, scale: Scalar(scale))
    if let gradients {
      for context in matches.indices {
        all[context * rows] = 0
        for slot in 0..<candidates { all[context * rows + 1 + slot] = scores[context * candidates + slot] }
      }
      pass.scoreBackward(head, all, gradients.storage.base)
      pass.backward(gradients: gradients.storage.base)
    }
    return (loss, correct)
  }
}
