public import Foundation
import Operations

/// An OpenAI-compatible chat endpoint and how to treat it.
public struct ChatEndpoint: Sendable {
  /// Where requests are posted: `…/chat/completions`.
  public let url: URL
  public let model: String
  /// Sent as a bearer token; from the environment only, never from the command line or a file of ours.
  public let key: String?
  /// How long one request may take.
  public var timeout = Duration.seconds(120)
  /// The most tokens of an answer.
  public var maximumTokens = 128

  /// The variables that a key is taken from, the first one set.
  public static let keyVariables = ["MIXER_API_KEY", "OPENAI_API_KEY"]

  /// - Parameter endpoint: the server (`http://localhost:8000`), its API (`…/v1`) or the full address.
  /// - Throws: ``DatasetError`` when it is no HTTP address.
  public init(
    _ endpoint: String, model: String, environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws {
    guard var components = URLComponents(string: endpoint), ["http", "https"].contains(components.scheme),
      components.host?.isEmpty == false, components.user == nil, components.password == nil
    else {
      throw DatasetError(
        Diagnosis(
          .badInput, "the endpoint is no HTTP address", at: endpoint.excerpt(),
          expected: "such as http://localhost:8000/v1", hint: "a key goes into \(Self.keyVariables[0])"))
    }
    var path = components.path
    while path.hasSuffix("/") { path.removeLast() }
    if !path.hasSuffix("/chat/completions") { path += (path.isEmpty ? "/v1" : "") + "/chat/completions" }
    components.path = path
    guard let url = components.url, !model.isBlank else {
      throw DatasetError(Diagnosis(.badInput, "the endpoint or the model's name is empty", at: endpoint.excerpt()))
    }
    self.url = url
    self.model = model
    key = Self.keyVariables.compactMap { environment[$0]?.trimmed }.first { !$0.isEmpty }
    if key?.unicodeScalars.contains(where: { $0.value < 0x21 || $0.value > 0x7E }) == true {
      // It goes into a header line. Its value is a secret and stays out of the message.
      throw DatasetError(
        Diagnosis(.badInput, "the key holds white space or control characters", at: Self.keyVariables[0]))
    }
  }
}

struct ChatMessage: Sendable, Codable, Equatable {
  var role: String
  var content: String
}

/// What a model answered.
struct ChatAnswer: Sendable, Equatable {
  var text: String
  /// Whether the model came to an end by itself.
  var isComplete: Bool
  var promptTokens: Int
  var completionTokens: Int
}

/// Why a request brought no answer, by what can be done about it.
enum ChatFailure: Error, Equatable {
  /// The same request may succeed later; the server may have said when.
  case retry(String, after: Duration?)
  /// This request will never succeed: a story longer than the model's context, for one.
  case refused(String)
  /// No request will succeed: a wrong key, an unknown model or address.
  case hopeless(String)
}
