internal import Mixers

/// The floating-point operations that exact results need at least: two for each product in a matrix multiplication
/// that cannot be left out, forward once and backward twice.
enum UsefulWork {
  /// A text of `tokens` tokens: its last is only a target; the mixing is triangular.
  static func languageModel(tokens: Int, _ configuration: MaskedMixerConfiguration) -> Double {
    let (rows, width) = (Double(tokens - 1), Double(configuration.hiddenSize))
    let block = width * rows * (rows + 1) + rows * 16 * width * width
    return 3 * (Double(configuration.blockCount) * block + rows * 2 * width * Double(configuration.vocabularySize))
  }

  static func retriever(_ configuration: RetrievalMixerConfiguration) -> Double {
    let (rows, width) = (Double(configuration.contextWidth), Double(configuration.hiddenSize))
    return 3 * Double(configuration.blockCount) * (2 * width * rows * rows + rows * 16 * width * width)
  }
}
