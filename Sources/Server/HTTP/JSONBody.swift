internal import Foundation
internal import Hummingbird
internal import NIOCore
internal import Operations

/// Reads requests' bodies. The content type is not looked at: every route reads JSON, and clients forget the header.
enum JSONBody {
  /// The body as `type`.
  ///
  /// - Throws: ``ServerError`` for a body above `limit` bytes, one that is no JSON, or a field of a wrong type.
  static func read<Body: Decodable>(_ type: Body.Type, from request: Request, limit: Int) async throws -> Body {
    let tooLarge = ServerError(.badInput, "the body is too large", expected: "at most \(limit) bytes", kind: .tooLarge)
    // A length that is announced is refused before the bytes are read.
    if let announced = request.headers[.contentLength].flatMap({ Int($0) }), announced > limit { throw tooLarge }
    let buffer: ByteBuffer
    do {
      buffer = try await request.body.collect(upTo: limit)
    } catch is NIOTooManyBytesError {
      throw tooLarge
    }
    try Task.checkCancellation()
    return try decode(type, from: Data(buffer.readableBytesView))
  }

  static func decode<Body: Decodable>(_ type: Body.Type, from data: Data) throws -> Body {
    guard !data.isEmpty else {
      throw ServerError.malformed("malformed_json", nil, "the body is empty", expected: "a JSON object")
    }
    // The decoder would guess other encodings.
    guard String(validating: data, as: UTF8.self) != nil else {
      throw ServerError.malformed("malformed_json", nil, "the body is not UTF-8", expected: "a JSON object in UTF-8")
    }
    do {
      return try JSONDecoder().decode(type, from: data)
    } catch let error as DecodingError {
      throw error.malformedBody
    }
  }
}
