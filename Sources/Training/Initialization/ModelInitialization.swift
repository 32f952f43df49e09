internal import Foundation
public import Mixers
internal import Operations
public import Tensors

/// The weights that training starts from, as the published code's library draws them: linear maps and mixing weights
/// uniform in ±1/√(inputs), biases likewise, norms 1 and 0, token embeddings normal.
public enum ModelInitialization {
  /// A masked mixer; mixing weights above the diagonal are 0.
  public static func maskedMixer(
    _ configuration: MaskedMixerConfiguration, seed: UInt64
  ) throws -> ParameterBuffer<Float> {
    try configuration.validate()
    let model = MaskedMixerTraining<Float>(configuration)
    let parameters = ParameterBuffer<Float>(model.layout)
    fill(parameters, seed: seed)
    model.clearAboveDiagonal(parameters)
    return parameters
  }

  /// How a retrieval mixer starts.
  public enum Mixing: String, Sendable, CaseIterable, Codable {
    /// Small weights, and the query copied to every candidate: weights × 0.1, column 0 set to 1 on rows 1 … C − 1.
    ///
    /// At the default the C − 2 other candidates drown the query in the mixing, and at width 128 training stays at
    /// chance for hundreds of steps; with this it leaves chance at once.
    case broadcast
    /// The default of the published code.
    case uniform
    /// The whole model starts as the cosine of its inputs (``SimilarityInitialization``); for embeddings that were
    /// trained for it.
    case similarity
  }

  public static func retrievalMixer(
    _ configuration: RetrievalMixerConfiguration, mixing: Mixing = .broadcast, seed: UInt64
  ) throws -> ParameterBuffer<Float> {
    try configuration.validate()
    let parameters = ParameterBuffer<Float>(MixerLayout.retrievalMixer(configuration))
    fill(parameters, seed: seed)
    if mixing == .similarity { SimilarityInitialization.apply(parameters, configuration) }
    guard mixing == .broadcast else { return parameters }
    let width = configuration.contextWidth
    for block in 0..<configuration.blockCount {
      let weight = parameters.pointer("mixerblocks.\(block).conv.weight")
      for index in 0..<width * width { weight[index] *= 0.1 }
      for row in 1..<width { weight[row * width] = 1 }
    }
    return parameters
  }

  private static func fill(_ parameters: ParameterBuffer<Float>, seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    var inputs = 1
    for tensor in parameters.layout.tensors {
      let values = parameters.values(tensor)
      if tensor.name.contains("layernorm") {
        values.update(repeating: tensor.name.hasSuffix("weight") ? 1 : 0)
      } else if tensor.name == "wte.weight" {
        for index in values.indices { values[index] = Float(generator.normal()) }
      } else {
        // A bias follows its weight and is drawn by the weight's number of inputs.
        if tensor.shape.count > 1 { inputs = tensor.shape[1] }
        let bound = 1 / Double(inputs).squareRoot()
        for index in values.indices { values[index] = Float((2 * generator.unitInterval() - 1) * bound) }
      }
    }
  }
}
