public import Operations

/// The error of this module: a model that is not one, or tokens outside the vocabulary.
public struct TokenizerError: DiagnosedError {
  public let diagnosis: Diagnosis

  init(
    _ category: Diagnosis.Category, _ what: String, at location: String? = nil, expected: String? = nil,
    found: String? = nil, hint: String? = nil
  ) {
    diagnosis = Diagnosis(category, what, at: location, expected: expected, found: found, hint: hint)
  }
}
