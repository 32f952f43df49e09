import Foundation
import Operations

/// One line of a JSON Lines file: an object whose fields are asked for by name.
struct JSONRow {
  private let fields: [String: Any]

  enum Fault: Error {
    /// With what the JSON parser says, or what was there instead of an object.
    case malformed(String)
    case wrongType(field: String, expected: String)
    case missing(field: String, present: [String])

    var what: String {
      switch self {
      case .malformed: "malformed JSON"
      case .wrongType(let field, _): "the field “\(field.excerpt())” has the wrong type"
      case .missing(let field, _): "the field “\(field.excerpt())” is missing"
      }
    }

    var expected: String? {
      switch self {
      case .malformed: "one JSON object a line"
      case .wrongType(_, let expected): expected
      case .missing: nil
      }
    }

    var found: String? {
      switch self {
      case .malformed(let detail): detail
      case .wrongType: nil
      case .missing(_, let present):
        present.isEmpty ? "no fields" : present.sorted().prefix(10).joined(separator: ", ").excerpt(120)
      }
    }
  }

  init(_ line: Data) throws(Fault) {
    let value: Any
    do {
      value = try JSONSerialization.jsonObject(with: line, options: [.fragmentsAllowed])
    } catch {
      let detail = (error as NSError).userInfo["NSDebugDescription"] as? String
      throw .malformed(detail ?? String(decoding: line.prefix(60), as: UTF8.self).excerpt())
    }
    guard let fields = value as? [String: Any] else { throw .malformed("another JSON value") }
    self.fields = fields
  }

  func contains(_ name: String) -> Bool { fields[name] != nil }

  /// A text, or nil where the field is missing or null.
  func optionalText(_ name: String) throws(Fault) -> String? {
    guard let value = fields[name], !(value is NSNull) else { return nil }
    guard let text = value as? String else { throw .wrongType(field: name, expected: "a string") }
    return text
  }

  func text(_ name: String) throws(Fault) -> String {
    guard let text = try optionalText(name) else { throw .missing(field: name, present: Array(fields.keys)) }
    return text
  }

  /// An id: a string, or a whole number, which many exports write.
  func optionalIdentifier(_ name: String) throws(Fault) -> String? {
    guard let value = fields[name], !(value is NSNull) else { return nil }
    if let text = value as? String { return text }
    if let number = value as? NSNumber, !number.isBoolean, let whole = Int64(number.stringValue) {
      return String(whole)
    }
    throw .wrongType(field: name, expected: "a string or a whole number")
  }

  func texts(_ name: String) throws(Fault) -> [String] {
    guard let value = fields[name] else { throw .missing(field: name, present: Array(fields.keys)) }
    guard let texts = value as? [String] else { throw .wrongType(field: name, expected: "an array of strings") }
    return texts
  }

  /// The text of an object with its keys sorted, or nil where it is missing, null or empty.
  func optionalObject(_ name: String) throws(Fault) -> String? {
    guard let value = fields[name], !(value is NSNull) else { return nil }
    guard let object = value as? [String: Any] else { throw .wrongType(field: name, expected: "an object") }
    if object.isEmpty { return nil }
    guard let text = Self.canonicalText(of: object) else { throw .wrongType(field: name, expected: "JSON values") }
    return text
  }

  static func canonicalText(of object: Any) -> String? {
    guard
      let data = try? JSONSerialization.data(withJSONObject: object, options: [.sortedKeys, .withoutEscapingSlashes])
    else { return nil }
    return String(data: data, encoding: .utf8)
  }
}

extension NSNumber {
  fileprivate var isBoolean: Bool { String(cString: objCType) == "c" || self is Bool && stringValue.count > 1 }
}
