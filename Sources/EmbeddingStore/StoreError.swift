public import Operations

/// What a store throws. Its category says whose turn it is: the caller's (`badInput`, `notFound`, `conflict`), time's
/// (`busy`), the machine's (`environment`), or a backup's (`damaged`).
public struct StoreError: DiagnosedError, Equatable {
  public let diagnosis: Diagnosis

  public init(_ diagnosis: Diagnosis) {
    self.diagnosis = diagnosis
  }

  init(
    _ category: Diagnosis.Category, _ what: String, at location: String? = nil, expected: String? = nil,
    found: String? = nil, hint: String? = nil
  ) {
    diagnosis = Diagnosis(category, what, at: location, expected: expected, found: found, hint: hint)
  }

  static func noCollection(_ name: String, among names: [String]) -> StoreError {
    let known = names.prefix(5).map { "\"\($0)\"" }.joined(separator: ", ")
    return StoreError(
      .notFound, "the store has no collection \"\(name.excerpt())\"",
      hint: names.isEmpty ? "it is empty: index a corpus first" : "it has \(known)\(names.count > 5 ? ", …" : "")")
  }

  /// Stored data that fails a check.
  static func damaged(_ what: String, at path: String) -> StoreError {
    StoreError(
      .damaged, what, at: path, hint: "restore a backup, or index again into a new file; verify lists all damage")
  }
}
