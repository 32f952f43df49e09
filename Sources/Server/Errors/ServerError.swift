public import Operations

/// The error of this module: a request that cannot be served, or a server that cannot run.
public struct ServerError: DiagnosedError {
  /// What kind of answer it asks for, where the category alone would not say.
  enum Kind: Sendable, Equatable {
    /// The category decides.
    case general
    /// The body or a field of it cannot be read.
    case malformed(code: String)
    case tooLarge
    case unknownRoute
    case wrongMethod(allowed: [String])
    /// The queue is full; a place is expected after so many seconds.
    case overloaded(retryAfterSeconds: Int)
    /// Not before the models are loaded.
    case loading
    /// Not any more: the server is going down.
    case draining
    case deadline
    /// The client closed its connection; nobody reads the answer.
    case clientGone
  }

  public let diagnosis: Diagnosis
  let kind: Kind

  init(
    _ category: Diagnosis.Category, _ what: String, at location: String? = nil, expected: String? = nil,
    found: String? = nil, hint: String? = nil, kind: Kind = .general
  ) {
    diagnosis = Diagnosis(category, what, at: location, expected: expected, found: found, hint: hint)
    self.kind = kind
  }

  /// A field whose value cannot be used.
  static func invalid(_ field: String, _ what: String, expected: String? = nil, found: String? = nil) -> ServerError {
    ServerError(.badInput, what, at: field, expected: expected, found: found)
  }

  static let loading = ServerError(.busy, "the models are still being loaded", kind: .loading)
  static let draining = ServerError(.interrupted, "the server is shutting down", kind: .draining)
  static let clientGone = ServerError(.interrupted, "the client closed the connection", kind: .clientGone)
}
