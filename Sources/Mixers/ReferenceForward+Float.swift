internal import Tensors

/// The plain definition in float32, as named functions: a generic one called from another module would run
/// unspecialised, a hundred times slower.
extension ReferenceForward {
  /// ``hiddenStates(_:_:tokens:)`` of a float32 model.
  public static func floatHiddenStates(_ mixer: MaskedMixer, tokens: [Int32]) -> [[Float]] {
    hiddenStates(mixer.configuration, mixer.parameters, tokens: tokens)
  }

  /// ``scores(_:_:rows:)`` of a float32 model, over rows as the model reads them.
  public static func floatScores(_ mixer: RetrievalMixer, rows: [[Float]]) -> [Float] {
    scores(mixer.configuration, mixer.parameters, rows: rows)
  }
}
