internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import Operations

/// The one place where an error becomes an HTTP status and what a client reads of it.
///
/// A client is told what it can act on: what is wrong with a field that it sent. Everything else (a damaged store, a
/// model that does not load, a fault of this program) becomes a status and a general sentence; the diagnosis, which
/// may name files of the server, goes to the log.
struct HTTPFailure: Sendable {
  let status: HTTPResponse.Status
  /// A family of errors, in the words of OpenAI's API.
  let type: String
  /// One error of it, for programs.
  let code: String
  /// The field of the request that it is about.
  var parameter: String?
  let message: String
  var headers: HTTPFields = [:]

  init(_ error: any Error) {
    switch error {
    case let error as ServerError where error.kind != .general: self.init(error.kind, error.diagnosis)
    case let error as any DiagnosedError: self.init(error.diagnosis)
    case is NIOTooManyBytesError:
      self.init(.tooLarge, Diagnosis(.badInput, "the body is too large"))
    case let error as HTTPError where error.status == .notFound:
      self.init(.unknownRoute, Diagnosis(.notFound, "there is no such route"))
    case is CancellationError: self.init(.draining, ServerError.draining.diagnosis)
    default: self = Self.internalError
    }
  }

  /// By kind, where an error of this module says exactly what to answer.
  private init(_ kind: ServerError.Kind, _ diagnosis: Diagnosis) {
    let message = diagnosis.publicSentence
    let field = diagnosis.requestField
    switch kind {
    case .general: self.init(diagnosis)
    case .malformed(let code): self.init(.badRequest, Self.invalidRequest, code, field, message)
    case .tooLarge: self.init(.contentTooLarge, Self.invalidRequest, "body_too_large", nil, message)
    case .unknownRoute: self.init(.notFound, Self.invalidRequest, "unknown_route", nil, message)
    case .wrongMethod(let allowed):
      self.init(.methodNotAllowed, Self.invalidRequest, "method_not_allowed", nil, message)
      headers[.allow] = allowed.joined(separator: ", ")
    case .overloaded(let seconds):
      self.init(.tooManyRequests, "overloaded_error", "overloaded", nil, message)
      headers[.retryAfter] = "\(seconds)"
    case .loading:
      self.init(.serviceUnavailable, "unavailable_error", "loading", nil, message)
      headers[.retryAfter] = "1"
    case .draining:
      self.init(.serviceUnavailable, "unavailable_error", "shutting_down", nil, message)
      headers[.retryAfter] = "1"
    case .deadline: self.init(.gatewayTimeout, "timeout_error", "deadline_exceeded", nil, message)
    // nginx's number for it; it is read in logs only.
    case .clientGone: self.init(HTTPResponse.Status(code: 499), Self.invalidRequest, "client_closed", nil, message)
    }
  }

  /// By category, for the errors of the other modules.
  private init(_ diagnosis: Diagnosis) {
    let field = diagnosis.requestField
    switch diagnosis.category {
    case .badInput where field != nil:
      self.init(.unprocessableContent, Self.invalidRequest, "invalid_value", field, diagnosis.publicSentence)
    case .notFound where field != nil:
      self.init(.notFound, Self.invalidRequest, "\(field ?? "")_not_found", field, diagnosis.publicSentence)
    case .conflict:
      self.init(.conflict, "conflict_error", "conflict", field, diagnosis.what.singleLine)
    case .busy:
      self.init(.serviceUnavailable, "unavailable_error", "busy", nil, "the store is busy")
      headers[.retryAfter] = "1"
    case .interrupted: self.init(.draining, ServerError.draining.diagnosis)
    // Bad input without a field is no input of this client: a model folder or a file that the server was given.
    case .badInput, .notFound, .damaged, .environment, .failed: self = Self.internalError
    }
  }

  private init(_ status: HTTPResponse.Status, _ type: String, _ code: String, _ parameter: String?, _ message: String) {
    self.status = status
    self.type = type
    self.code = code
    self.parameter = parameter
    self.message = message
  }

  private static let invalidRequest = "invalid_request_error"
  private static let internalError = HTTPFailure(
    .internalServerError, "server_error", "internal", nil, "the server could not answer; its log says why")
}

extension Diagnosis {
  /// The first parts of the names that requests have for their fields.
  private static let fields: Set<String> = [
    "collection", "dimensions", "documents", "encoding_format", "filter", "input", "k", "mode", "model", "query",
    "raw_scores", "return_documents", "return_text", "texts", "top_n", "truncate",
  ]

  /// The location, where it names a field of a request; never a file.
  var requestField: String? {
    guard let location, let name = location.split(whereSeparator: { $0 == "." || $0 == "[" }).first,
      Self.fields.contains(String(name)), !location.contains("/")
    else { return nil }
    return location
  }

  /// What a client may read: without the location, which is its own member, and without hints, which speak of the
  /// command line.
  var publicSentence: String {
    Diagnosis(category, what, expected: expected, found: found).line
  }
}
