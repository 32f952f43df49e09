public import Tensors

/// `logits = lm_head(x)` and the cross-entropy, forward and back at once, a chunk of rows at a time: the logits of a
/// whole batch (V values a row) never exist.
public final class LanguageModelHead<Scalar: GradientScalar>: Sendable {
  let width: Int
  let vocabulary: Int
  private let chunkRows: Int
  private let states: AlignedBuffer<Scalar>
  private let stateGradient: AlignedBuffer<Scalar>
  private let logits: AlignedBuffer<Scalar>
  /// Where products are computed in bfloat16.
  private let logitGradient: AlignedBuffer<BFloat16>

  public init(
    _ configuration: MaskedMixerConfiguration, chunkRows: Int = 256, precision: Precision = .float32
  ) {
    width = configuration.hiddenSize
    vocabulary = configuration.vocabularySize
    self.chunkRows = chunkRows
    states = AlignedBuffer(count: chunkRows * width)
    stateGradient = AlignedBuffer(count: chunkRows * width)
    logits = AlignedBuffer(count: chunkRows * vocabulary)
    logitGradient = AlignedBuffer(count: precision.resolved == .bfloat16 ? chunkRows * vocabulary : 0)
  }

  /// - Parameters:
  ///   - targets: one a row; rows with −1 predict nothing.
  ///   - weight: of lm_head, which lies at `offset` of the parameters.
  ///   - stepWeights: of the same parameters, where there are some.
  ///   - weightGradient: of lm_head, added to; nil computes the loss alone.
  ///   - stateGradient: overwritten with the gradient of `allStates`, for every row.
  /// - Returns: the sum over all targets.
  func loss(
    of allStates: UnsafePointer<Scalar>, targets: [Int32], weight: UnsafePointer<Scalar>, at offset: Int,
    in stepWeights: StepWeights<Scalar>?, weightGradient: UnsafeMutablePointer<Scalar>?,
    stateGradient allGradients: UnsafeMutablePointer<Scalar>, scale: Double, scratch: MixerScratch<Scalar>
  ) -> Double {
    let rows = targets.indices.filter { targets[$0] >= 0 }
    if weightGradient != nil, rows.count < targets.count {
      allGradients.update(repeating: 0, count: targets.count * width)
    }
    var loss = 0.0
    for start in stride(from: 0, to: rows.count, by: chunkRows) {
      let chunk = rows[start..<min(start + chunkRows, rows.count)]
      for (offset, row) in chunk.enumerated() {
        (states.base + offset * width).update(from: allStates + row * width, count: width)
      }
      let chunkTargets = chunk.map { targets[$0] }
      if stepWeights?.precision == .bfloat16 {
        loss += roundedLoss(
          chunkTargets, stepWeights, at: offset, weightGradient: weightGradient, scale: scale, scratch)
      } else {
        loss += self.loss(
          chunkTargets, weight: weight, at: offset, in: stepWeights, weightGradient: weightGradient, scale: scale,
          scratch)
      }
      guard weightGradient != nil else { continue }
      for (offset, row) in chunk.enumerated() {
        (allGradients + row * width).update(from: stateGradient.base + offset * width, count: width)
      }
    }
    return loss
  }

  /// From `states` to `stateGradient`, for a chunk of rows.
  private func loss(
    _ targets: [Int32], weight: UnsafePointer<Scalar>, at offset: Int, in stepWeights: StepWeights<Scalar>?,
    weightGradient: UnsafeMutablePointer<Scalar>?, scale: Double, _ scratch: MixerScratch<Scalar>
  ) -> Double {
    let rows = targets.count
    if let stepWeights {
      stepWeights.apply(states.base, offset, into: logits.base, rows: rows, scratch: scratch)
    } else {
      LinearProduct.apply(
        states.base, weight: weight, into: logits.base, rows: rows, inputs: width, outputs: vocabulary, beta: 0)
    }
    let loss = Scalar.softmaxCrossEntropy(
      logits.base, targets: targets, rows: rows, width: vocabulary, scale: Scalar(scale))
    guard let weightGradient else { return loss }
    LinearProduct.addWeightGradient(
      logits.base, states.base, to: weightGradient, rows: rows, inputs: width, outputs: vocabulary)
    if let stepWeights {
      stepWeights.inputGradient(
        logits.base, offset, weight: weight, into: stateGradient.base, rows: rows, scratch: scratch)
    } else {
      LinearProduct.inputGradient(
        logits.base, weight: weight, into: stateGradient.base, rows: rows, inputs: width, outputs: vocabulary, beta: 0)
    }
    return loss
  }

  /// The same with products in bfloat16.
  private func roundedLoss(
    _ targets: [Int32], _ weights: StepWeights<Scalar>?, at offset: Int,
    weightGradient: UnsafeMutablePointer<Scalar>?, scale: Double, _ scratch: MixerScratch<Scalar>
  ) -> Double {
    guard let head = self as? LanguageModelHead<Float>, let weights = weights as? StepWeights<Float>,
      let scratch = scratch.rounded?.products
    else { preconditionFailure("the scratch is for another precision than the weights") }
    let states = RoundedFactor(head.states.base, stride: width)
    let gradient = RoundedFactor(logitGradient.base, stride: vocabulary)
    RoundedProduct.apply(
      states, weights.forward(offset), into: head.logits.base, stride: vocabulary, rows: targets.count,
      scratch: scratch)
    let loss = RoundedElementwise.softmaxCrossEntropy(
      head.logits.base, gradient: logitGradient.base, targets: targets, rows: targets.count, width: vocabulary,
      scale: Float(scale))
    guard let weightGradient = weightGradient as? UnsafeMutablePointer<Float> else { return loss }
    RoundedProduct.apply(
      gradient.transposed, scratch.pack(states, depth: targets.count, columns: width), into: weightGradient,
      stride: width, rows: vocabulary, adds: true, scratch: scratch)
    RoundedProduct.apply(
      gradient, weights.backward(offset), into: head.stateGradient.base, stride: width, rows: targets.count,
      scratch: scratch)
    return loss
  }
}
