public import Operations

/// The error of this module: a file that is no safetensors, a model folder that is not whole.
public struct CheckpointError: DiagnosedError {
  public let diagnosis: Diagnosis

  public init(
    _ category: Diagnosis.Category, _ what: String, at location: String? = nil, expected: String? = nil,
    found: String? = nil, hint: String? = nil
  ) {
    diagnosis = Diagnosis(category, what, at: location, expected: expected, found: found, hint: hint)
  }
}
