internal import Foundation
internal import Retrieval

/// OpenAI's answer with embeddings.
///
/// The numbers are written by hand: a general encoder takes a second for a million of them.
struct EmbeddingsReply {
  enum Format: String {
    /// An array of numbers, each with as many digits as identify it.
    case float
    /// Little-endian float32, one after the other.
    case base64
  }

  let model: String
  let format: Format
  let texts: [EmbeddedText]

  /// What is the same whatever the encoding of the vectors.
  private struct Usage: Encodable {
    let promptTokens: Int
    let totalTokens: Int

    enum CodingKeys: String, CodingKey {
      case promptTokens = "prompt_tokens"
      case totalTokens = "total_tokens"
    }
  }

  /// - Throws: what encoding the model's name throws.
  func json() throws -> Data {
    var body = Data(#"{"object":"list","data":["#.utf8)
    for (index, text) in texts.enumerated() {
      body.append(contentsOf: #"\#(index == 0 ? "" : ","){"object":"embedding","index":\#(index),"embedding":"#.utf8)
      switch format {
      case .float: body.append(Self.numbers(text.embedding))
      case .base64: body.append(contentsOf: "\"\(Self.base64(text.embedding))\"".utf8)
      }
      body.append(contentsOf: "}".utf8)
    }
    let tokens = texts.reduce(0) { $0 + $1.tokenCount }
    body.append(contentsOf: #"],"model":"#.utf8)
    body.append(try JSONReply.encode(model))
    body.append(contentsOf: #","usage":"#.utf8)
    body.append(try JSONReply.encode(Usage(promptTokens: tokens, totalTokens: tokens)))
    // Not OpenAI's: how many texts were longer than the model's context, of which only the beginning was read.
    let truncated = texts.count { $0.isTruncated }
    if truncated > 0 { body.append(contentsOf: #","truncated":\#(truncated)"#.utf8) }
    body.append(contentsOf: "}".utf8)
    return body
  }

  private static func numbers(_ values: [Float]) -> Data {
    var text = "["
    text.reserveCapacity(values.count * 12)
    for (index, value) in values.enumerated() {
      if index > 0 { text += "," }
      text += value.description
    }
    text += "]"
    return Data(text.utf8)
  }

  private static func base64(_ values: [Float]) -> String {
    var bytes = Data(capacity: values.count * 4)
    for value in values { withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) } }
    return bytes.base64EncodedString()
  }
}
