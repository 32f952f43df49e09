public import Tensors

/// The forward pass of a masked mixer beside its backward pass, for one worker's pack of texts at a time.
///
/// Parameters and gradients are given with each call; the value itself holds only where their tensors lie. A tape and
/// a scratch belong to one worker.
public struct MaskedMixerTraining<Scalar: GradientScalar>: Sendable {
  public let configuration: MaskedMixerConfiguration
  /// The layout of parameters and gradients.
  public let layout: ParameterLayout
  let blocks: [MixerBlock]
  private let embeddingTable: Int
  private let head: Int

  public init(_ configuration: MaskedMixerConfiguration) {
    self.configuration = configuration
    layout = MixerLayout.maskedMixer(configuration)
    let layout = layout
    blocks = (0..<configuration.blockCount).map {
      MixerBlock($0, width: configuration.hiddenSize, positions: configuration.contextLength, in: layout)
    }
    embeddingTable = layout.offset(of: "wte.weight")
    head = layout.offset(of: "lm_head.weight")
  }

  var width: Int { configuration.hiddenSize }

  /// The causal language-model loss of a pack: the cross-entropy of every target, summed.
  ///
  /// - Parameters:
  ///   - gradients: added to, times `scale`; nil computes the loss alone.
  ///   - weights: of these parameters; without them products are float32.
  ///   - scale: usually 1 / the number of targets of the whole batch, so that gradients are those of the mean.
  public func languageModelLoss(
    _ pack: TokenPack, parameters: ParameterBuffer<Scalar>, gradients: ParameterBuffer<Scalar>?, scale: Double,
    dropout: Dropout? = nil, weights: StepWeights<Scalar>? = nil, tape: MixerTape<Scalar>,
    scratch: MixerScratch<Scalar>, head: LanguageModelHead<Scalar>
  ) -> Double {
    let base = parameters.storage.base
    let pass = pass(pack, base, dropout, weights, tape, scratch)
    lookUpForward(pack, base, into: tape.states(0))
    pass.forward()
    let loss = head.loss(
      of: tape.states(blocks.count), targets: pack.targets, weight: base + self.head,
      at: self.head, in: weights, weightGradient: gradients.map { $0.storage.base + self.head },
      stateGradient: scratch.gradient.base, scale: scale, scratch: scratch)
    if let gradients {
      pass.backward(gradients: gradients.storage.base)
      lookUpBackward(pack, scratch.gradient.base, gradients.storage.base)
    }
    return loss
  }

  /// The embedding of each text, `texts × D`: the state at the second-to-last position, the last that is computed.
  public func embeddingsForward(
    _ pack: TokenPack, parameters: ParameterBuffer<Scalar>, dropout: Dropout? = nil,
    weights: StepWeights<Scalar>? = nil, tape: MixerTape<Scalar>, scratch: MixerScratch<Scalar>,
    into output: UnsafeMutablePointer<Scalar>
  ) {
    let base = parameters.storage.base
    lookUpForward(pack, base, into: tape.states(0))
    pass(pack, base, dropout, weights, tape, scratch, lastRowsOnly: true).forward()
    output.update(from: tape.states(blocks.count), count: pack.segments.count * width)
  }

  /// Given the gradient of the embeddings, `texts × D`, adds to those of the parameters. `tape` must be as
  /// ``embeddingsForward(_:parameters:dropout:weights:tape:scratch:into:)`` of the same pack left it; it is used up.
  public func embeddingsBackward(
    _ pack: TokenPack, embeddingGradient: UnsafePointer<Scalar>, parameters: ParameterBuffer<Scalar>,
    gradients: ParameterBuffer<Scalar>, dropout: Dropout? = nil, weights: StepWeights<Scalar>? = nil,
    tape: MixerTape<Scalar>, scratch: MixerScratch<Scalar>
  ) {
    scratch.gradient.base.update(from: embeddingGradient, count: pack.segments.count * width)
    pass(pack, parameters.storage.base, dropout, weights, tape, scratch, lastRowsOnly: true)
      .backward(gradients: gradients.storage.base)
    lookUpBackward(pack, scratch.gradient.base, gradients.storage.base)
  }

  /// Sets what lies above the diagonal of every mixing weight to 0: the mask, applied to gradients, and to parameters
  /// before training. A masked gradient leaves masked weights and moments at exactly 0 through every AdamW step.
  public func clearAboveDiagonal(_ buffer: ParameterBuffer<Scalar>) {
    for block in blocks {
      let weight = buffer.storage.base + block.mixingWeight
      let positions = block.positions
      for row in 0..<positions - 1 {
        (weight + row * positions + row + 1).update(repeating: 0, count: positions - row - 1)
      }
    }
  }

  /// Room for the weights as a step reads them fastest, in float32 or bfloat16.
  public func makeStepWeights(_ precision: Precision = .float32) -> StepWeights<Scalar> {
    makeStepWeights(products: StepWeights<Scalar>.preferredProducts(for: precision))
  }

  /// The same with a choice of who computes the products.
  func makeStepWeights(products: ProductImplementation) -> StepWeights<Scalar> {
    StepWeights(blocks, others: [(head, configuration.vocabularySize, width)], products: products)
  }

  private func pass(
    _ pack: TokenPack, _ parameters: UnsafeMutablePointer<Scalar>, _ dropout: Dropout?,
    _ weights: StepWeights<Scalar>?, _ tape: MixerTape<Scalar>, _ scratch: MixerScratch<Scalar>,
    lastRowsOnly: Bool = false
  ) -> MixerPass<Scalar> {
    MixerPass(
      blocks: blocks, segments: pack.segments, rows: pack.rows, isCausal: true, lastRowsOnly: lastRowsOnly,
      dropout: dropout, weights: weights, parameters: parameters, tape: tape, scratch: scratch)
  }

  private func lookUpForward(
    _ pack: TokenPack, _ parameters: UnsafeMutablePointer<Scalar>, into states: UnsafeMutablePointer<Scalar>
  ) {
    precondition(pack.tokens.allSatisfy { (0..<Int32(configuration.vocabularySize)).contains($0) }, "stray token")
    let table = parameters + embeddingTable
    for (row, token) in pack.tokens.enumerated() {
      (states + row * width).update(from: table + Int(token) * width, count: width)
    }
  }

  private func lookUpBackward(
    _ pack: TokenPack, _ gradient: UnsafePointer<Scalar>, _ gradients: UnsafeMutablePointer<Scalar>
  ) {
    let table = gradients + embeddingTable
    for (row, token) in pack.tokens.enumerated() {
      Scalar.accumulate(gradient + row * width, to: table + Int(token) * width, count: width)
    }
  }
}
