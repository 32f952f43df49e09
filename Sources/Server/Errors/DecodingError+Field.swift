internal import Foundation
internal import Operations

extension DecodingError {
  /// What is wrong with which field of a request's body.
  var malformedBody: ServerError {
    switch self {
    case .keyNotFound(let key, let context):
      let field = (context.codingPath + [key]).fieldName
      return .malformed("missing_field", field, "the field \"\(field)\" is missing")
    case .valueNotFound(_, let context):
      guard !context.codingPath.isEmpty else {
        return .malformed("malformed_json", nil, "the body is null", expected: "a JSON object")
      }
      let field = context.codingPath.fieldName
      return .malformed("wrong_type", field, "the field \"\(field)\" is null")
    case .typeMismatch(let type, let context):
      guard !context.codingPath.isEmpty else {
        return .malformed("malformed_json", nil, "the body is not what this route reads", expected: "a JSON object")
      }
      let field = context.codingPath.fieldName
      return .malformed(
        "wrong_type", field, "the field \"\(field)\" has a wrong type", expected: Self.describe(type, context))
    case .dataCorrupted(let context):
      guard !context.codingPath.isEmpty else {
        return .malformed(
          "malformed_json", nil, "the body is no JSON", expected: "a JSON object", found: context.position)
      }
      let field = context.codingPath.fieldName
      return .malformed("wrong_type", field, "the field \"\(field)\" cannot be read")
    @unknown default:
      return .malformed("malformed_json", nil, "the body cannot be read", expected: "a JSON object")
    }
  }

  /// A Swift type in the words of JSON; a type of ours describes itself.
  private static func describe(_ type: any Any.Type, _ context: Context) -> String {
    switch type {
    case is String.Type: "a string"
    case is Bool.Type: "true or false"
    case is Double.Type, is Float.Type: "a number"
    case is [String].Type: "an array of strings"
    case is any DescribedField.Type: (type as? any DescribedField.Type)?.expectation ?? "another type"
    case _ where "\(type)".hasPrefix("Array"): "an array"
    default: "an object"
    }
  }
}

/// A field's type that says for itself, in the words of JSON, what may be written there.
protocol DescribedField {
  static var expectation: String { get }
}

/// A whole number; another number is an error of its field, which the decoder would blame on the whole body.
struct WholeNumber: Decodable, Sendable, DescribedField {
  static let expectation = "a whole number"
  let value: Int

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard let value = try? container.decode(Int.self) else {
      throw DecodingError.typeMismatch(
        Self.self, DecodingError.Context(codingPath: container.codingPath, debugDescription: Self.expectation))
    }
    self.value = value
  }
}

extension ServerError {
  static func malformed(
    _ code: String, _ field: String?, _ what: String, expected: String? = nil, found: String? = nil
  ) -> ServerError {
    ServerError(.badInput, what, at: field, expected: expected, found: found, kind: .malformed(code: code))
  }
}

extension [any CodingKey] {
  /// `documents[2].text`
  var fieldName: String {
    reduce("") { path, key in
      if let index = key.intValue { return "\(path)[\(index)]" }
      return path.isEmpty ? key.stringValue.excerpt() : "\(path).\(key.stringValue.excerpt())"
    }
  }
}

extension DecodingError.Context {
  /// Where the parser stopped, in its own words.
  fileprivate var position: String? {
    (underlyingError as NSError?)?.userInfo[NSDebugDescriptionErrorKey].map { "\($0)".excerpt(120) }
  }
}
