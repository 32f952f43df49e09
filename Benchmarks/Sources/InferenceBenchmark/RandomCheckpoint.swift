internal import Checkpoints
internal import Foundation
internal import Mixers
internal import Operations
internal import Tensors

/// A model folder with random parameters, for measuring sizes that are not shipped.
enum RandomCheckpoint {
  static func write(width: Int, blocks: Int, tokenizer: URL, to folder: ModelFolder) throws {
    try FileManager.default.createDirectory(at: folder.url, withIntermediateDirectories: true)
    let configuration = MaskedMixerConfiguration(
      vocabularySize: 4_096, hiddenSize: width, blockCount: blocks, contextLength: 512)
    try JSONEncoder().encode(configuration).write(to: folder.configurationURL)
    try Data(contentsOf: tokenizer).write(to: folder.tokenizerURL)
    try parameters(MixerLayout.maskedMixer(configuration)).write(to: folder.parametersURL)
  }

  /// Matrices of deviation 1 / √inputs, norms near 1, small biases.
  static func parameters(_ layout: ParameterLayout) -> ParameterBuffer<Float> {
    let parameters = ParameterBuffer<Float>(layout)
    var generator = SeededGenerator(seed: 1)
    for tensor in layout.tensors {
      let values = parameters.values(tensor)
      let isNorm = tensor.name.hasSuffix("layernorm.weight")
      let scale = tensor.shape.count > 1 ? 1.7 / Float(tensor.shape[1]).squareRoot() : 0.1
      for index in values.indices {
        let uniform = Float(Int32(truncatingIfNeeded: generator.next())) * 0x1p-31
        values[index] = (isNorm ? 1 : 0) + scale * uniform
      }
    }
    return parameters
  }
}
