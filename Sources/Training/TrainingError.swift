public import Operations

/// The error of this module: training that cannot start, go on or be resumed.
public struct TrainingError: DiagnosedError {
  public let diagnosis: Diagnosis

  public init(
    _ category: Diagnosis.Category, _ what: String, at location: String? = nil, expected: String? = nil,
    found: String? = nil, hint: String? = nil
  ) {
    diagnosis = Diagnosis(category, what, at: location, expected: expected, found: found, hint: hint)
  }
}
