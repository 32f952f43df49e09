public import Tensors

/// `logits = lm_head(x)` and the cross-entropy, forward and back at once, a chunk of rows at a time: the logits of a
/// whole batch (V values a row) never exist.
public final class LanguageModelHead<Scalar: GradientScalar>: Sendable {
  private let width: Int
  private let vocabulary: Int
  private let chunkRows: Int
  private let states: AlignedBuffer<Scalar>
  private let stateGradient: AlignedBuffer<Scalar>
  private let logits: AlignedBuffer<Scalar>

  public init(_ configuration: MaskedMixerConfiguration, chunkRows: Int = 256) {
    width = configuration.hiddenSize
    vocabulary = configuration.vocabularySize
    self.chunkRows = chunkRows
    states = AlignedBuffer(count: chunkRows * width)
    stateGradient = AlignedBuffer(count: chunkRows * width)
    logits = AlignedBuffer(count: chunkRows * vocabulary)
  }

  /// - Parameters:
  ///   - targets: one a row; rows with −1 predict nothing.
  ///   - weightGradient: of lm_head, added to; nil computes the loss alone.
  ///   - stateGradient: overwritten with the gradient of `allStates`, for every row.
  /// - Returns: the sum over all targets.
  func loss(
    of allStates: UnsafePointer<Scalar>, targets: [Int32], weight: UnsafePointer<Scalar>,
    transposedWeight: UnsafePointer<Scalar>?, weightGradient: UnsafeMutablePointer<Scalar>?,
    stateGradient allGradients: UnsafeMutablePointer<Scalar>,
    scale: Double
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
      if let transposedWeight {
        LinearProduct.apply(
          states.base, transposedWeight: transposedWeight, into: logits.base, rows: chunk.count, inputs: width,
          outputs: vocabulary, beta: 0)
      } else {
        LinearProduct.apply(
          states.base, weight: weight, into: logits.base, rows: chunk.count, inputs: width, outputs: vocabulary, beta: 0
        )
      }
      loss += Scalar.softmaxCrossEntropy(
        logits.base, targets: chunk.map { targets[$0] }, rows: chunk.count, width: vocabulary, scale: Scalar(scale))
      guard let weightGradient else { continue }
      LinearProduct.addWeightGradient(
        logits.base, states.base, to: weightGradient, rows: chunk.count, inputs: width, outputs: vocabulary)
      LinearProduct.inputGradient(
        logits.base, weight: weight, into: stateGradient.base, rows: chunk.count, inputs: width, outputs: vocabulary,
        beta: 0)
      for (offset, row) in chunk.enumerated() {
        (allGradients + row * width).update(from: stateGradient.base + offset * width, count: width)
      }
    }
    return loss
  }
}
