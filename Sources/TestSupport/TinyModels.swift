public import Checkpoints
internal import Foundation
public import Mixers
internal import Operations
public import Tensors

/// Small random models with the shipped tokenizer, so that tests run the real path in milliseconds.
public enum TinyModels {
  /// Writes a masked mixer's folder: D 16, 2 blocks, 64 positions.
  @discardableResult
  public static func writeMaskedMixer(
    to folder: TemporaryFolder, name: String = "embedder", seed: UInt64 = 1, width: Int = 16
  ) throws -> ModelFolder {
    let configuration = MaskedMixerConfiguration(
      vocabularySize: 4096, hiddenSize: width, blockCount: 2, contextLength: 64)
    let parameters = randomParameters(MixerLayout.maskedMixer(configuration), seed: seed)
    let model = ModelFolder(path: folder.path(name))
    try write(parameters, configuration, to: model)
    try FileManager.default.copyItem(
      atPath: Repository.path("Models/story-embedder-256/tokenizer.model"), toPath: model.tokenizerURL.path)
    return model
  }

  /// Writes a retrieval mixer's folder: D 16, 2 blocks, contexts of `contextWidth`.
  @discardableResult
  public static func writeRetrievalMixer(
    to folder: TemporaryFolder, name: String = "retriever", seed: UInt64 = 2, width: Int = 16, contextWidth: Int = 8,
    change: (inout RetrievalMixerConfiguration) -> Void = { _ in }
  ) throws -> ModelFolder {
    var configuration = RetrievalMixerConfiguration(hiddenSize: width, blockCount: 2, contextWidth: contextWidth)
    change(&configuration)
    let parameters = randomParameters(MixerLayout.retrievalMixer(configuration), seed: seed)
    let model = ModelFolder(path: folder.path(name))
    try write(parameters, configuration, to: model)
    return model
  }

  /// Normal values of deviation 0.2, and about 1 for the weights of layer normalisations.
  public static func randomParameters(_ layout: ParameterLayout, seed: UInt64) -> ParameterBuffer<Float> {
    let parameters = ParameterBuffer<Float>(layout)
    var generator = SeededGenerator(seed: seed)
    for tensor in layout.tensors {
      let center: Float = tensor.name.hasSuffix("layernorm.weight") ? 1 : 0
      let values = parameters.values(tensor)
      for index in values.indices { values[index] = center + 0.2 * Float(generator.normal()) }
    }
    return parameters
  }

  private static func write(
    _ parameters: ParameterBuffer<Float>, _ configuration: some Encodable, to model: ModelFolder
  ) throws {
    try FileManager.default.createDirectory(at: model.url, withIntermediateDirectories: true)
    try JSONEncoder().encode(configuration).write(to: model.configurationURL)
    try parameters.write(to: model.parametersURL)
  }
}
