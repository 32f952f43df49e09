internal import Foundation
internal import HTTPTypes
internal import Hummingbird

/// `{"error": {"message", "type", "param", "code"}}`: the body of every answer that is an error.
struct ErrorBody: Encodable {
  let failure: HTTPFailure

  private enum Keys: String, CodingKey { case error }
  private enum Members: String, CodingKey { case message, type, param, code }

  func encode(to encoder: any Encoder) throws {
    var body = encoder.container(keyedBy: Keys.self)
    var error = body.nestedContainer(keyedBy: Members.self, forKey: .error)
    try error.encode(failure.message, forKey: .message)
    try error.encode(failure.type, forKey: .type)
    // null rather than absent, as in OpenAI's API.
    try error.encode(failure.parameter, forKey: .param)
    try error.encode(failure.code, forKey: .code)
  }
}

extension HTTPFailure {
  var response: Response {
    let body = (try? JSONReply.encode(ErrorBody(failure: self))) ?? Data()
    var response = JSONReply.response(body, status: status)
    for header in headers { response.headers[header.name] = header.value }
    return response
  }
}
