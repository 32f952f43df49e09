public import Operations

/// The error of this module: a configuration that no mixer of ours has, or a text that cannot be embedded.
public struct MixersError: DiagnosedError {
  public let diagnosis: Diagnosis

  public init(
    _ category: Diagnosis.Category, _ what: String, at location: String? = nil, expected: String? = nil,
    found: String? = nil, hint: String? = nil
  ) {
    diagnosis = Diagnosis(category, what, at: location, expected: expected, found: found, hint: hint)
  }
}
