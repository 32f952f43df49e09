public import Operations

/// The error of this module: what is wrong with stories, queries, judgements or the service that summarizes
/// them, always with the file and, where there are lines, the line.
public struct DatasetError: DiagnosedError, Equatable {
  public let diagnosis: Diagnosis

  public init(_ diagnosis: Diagnosis) {
    self.diagnosis = diagnosis
  }

  init(
    _ what: String, at place: SourceLocation, expected: String? = nil, found: String? = nil, hint: String? = nil
  ) {
    diagnosis = Diagnosis(
      .badInput, what, at: place.description, expected: expected, found: found, hint: hint)
  }
}
