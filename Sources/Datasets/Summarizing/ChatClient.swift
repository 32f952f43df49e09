import Foundation
import Operations

/// Sends one chat request and sorts out what comes back.
struct ChatClient: Sendable {
  let endpoint: ChatEndpoint
  private let poster = HTTPPoster()

  init(_ endpoint: ChatEndpoint) { self.endpoint = endpoint }

  /// - Throws: ``ChatFailure``, or `CancellationError` when the task was cancelled.
  func answer(to messages: [ChatMessage]) async throws -> ChatAnswer {
    // Without “Expect”, which some servers wait for in vain.
    var headers = ["Content-Type: application/json", "Accept: application/json", "Expect:"]
    if let key = endpoint.key { headers.append("Authorization: Bearer \(key)") }
    let response: HTTPPoster.Response
    do {
      response = try await poster.post(
        try body(messages), to: endpoint.url, headers: headers, timeout: endpoint.timeout)
    } catch HTTPPoster.Failure.transient(let reason) {
      throw ChatFailure.retry(reason.excerpt(150), after: nil)
    } catch HTTPPoster.Failure.permanent(let reason) {
      throw ChatFailure.hopeless(reason.excerpt(150))
    }
    try Self.check(response)
    return try Self.parse(response.body)
  }

  private struct RequestBody: Encodable {
    var model: String
    var messages: [ChatMessage]
    var temperature = 0.0
    var maxTokens: Int
    var stream = false
  }

  private func body(_ messages: [ChatMessage]) throws -> Data {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(
      RequestBody(model: endpoint.model, messages: messages, maxTokens: endpoint.maximumTokens))
  }

  static func check(_ response: HTTPPoster.Response) throws(ChatFailure) {
    let status = response.status
    if (200..<300).contains(status) { return }
    let message = "HTTP \(status): \(errorMessage(response.body))"
    switch status {
    case 408, 409, 425, 429, 500...:
      throw .retry(message, after: retryDelay(response.retryAfter))
    case 401, 403, 404, 405, 300..<400: throw .hopeless(message)
    default: throw .refused(message)
    }
  }

  /// `Retry-After` is a number of seconds or a date (RFC 9110 §10.2.3).
  static func retryDelay(_ header: String?, now: Date = Date()) -> Duration? {
    guard let header = header?.trimmed, !header.isEmpty else { return nil }
    if let seconds = Double(header), seconds.isFinite { return .seconds(max(0, min(seconds, 86_400))) }
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.timeZone = TimeZone(identifier: "GMT")
    formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss zzz"
    return formatter.date(from: header).map { .seconds(max(0, min($0.timeIntervalSince(now), 86_400))) }
  }

  /// What the server says is wrong, in one line.
  private static func errorMessage(_ data: Data) -> String {
    struct Body: Decodable {
      struct Detail: Decodable { var message: String? }
      var error: Detail?
    }
    let detail = (try? JSONDecoder().decode(Body.self, from: data))?.error?.message
    return (detail ?? String(decoding: data.prefix(200), as: UTF8.self)).excerpt(150)
  }

  private struct ResponseBody: Decodable {
    struct Choice: Decodable {
      var message: Message
      var finishReason: String?
    }
    struct Message: Decodable { var content: String? }
    struct Usage: Decodable {
      var promptTokens: Int?
      var completionTokens: Int?
    }
    var choices: [Choice]
    var usage: Usage?
  }

  static func parse(_ data: Data) throws(ChatFailure) -> ChatAnswer {
    let body: ResponseBody
    do {
      let decoder = JSONDecoder()
      decoder.keyDecodingStrategy = .convertFromSnakeCase
      body = try decoder.decode(ResponseBody.self, from: data)
    } catch {
      throw .retry(
        "an answer that is no chat completion: \(String(decoding: data.prefix(100), as: UTF8.self).excerpt(80))",
        after: nil)
    }
    guard let choice = body.choices.first, let text = choice.message.content else {
      throw .retry("an answer without a choice", after: nil)
    }
    return ChatAnswer(
      text: text, isComplete: choice.finishReason != "length", promptTokens: body.usage?.promptTokens ?? 0,
      completionTokens: body.usage?.completionTokens ?? 0)
  }
}
