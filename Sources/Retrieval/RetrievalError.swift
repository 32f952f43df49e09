public import Operations

/// The error of this module: a question that cannot be asked, or models that do not fit a collection.
public struct RetrievalError: DiagnosedError {
  public let diagnosis: Diagnosis

  public init(
    _ category: Diagnosis.Category, _ what: String, at location: String? = nil, expected: String? = nil,
    found: String? = nil, hint: String? = nil
  ) {
    diagnosis = Diagnosis(category, what, at: location, expected: expected, found: found, hint: hint)
  }
}
