/// Lets a document through when its metadata has every one of these keys with the value given for it.
///
/// Keys are those of the metadata object itself, not of objects inside it. A string equals only a string, a number
/// only a number of the same value (1 and 1.0 are the same), and `null` only a null that is there.
public struct MetadataFilter: Sendable, Equatable {
  public enum Value: Sendable, Equatable {
    case string(String)
    case number(Double)
    case bool(Bool)
    case null
  }

  /// Empty: every document passes.
  public var conditions: [String: Value]

  public init(_ conditions: [String: Value]) {
    self.conditions = conditions
  }
}

extension MetadataFilter.Value: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .bool(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else {
      self = .string(try container.decode(String.self))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .string(let value): try container.encode(value)
    case .number(let value): try container.encode(value)
    case .bool(let value): try container.encode(value)
    case .null: try container.encodeNil()
    }
  }
}

/// As a JSON object: `{"genre": "fable", "year": 1912}`.
extension MetadataFilter: Codable {
  public init(from decoder: any Decoder) throws {
    conditions = try decoder.singleValueContainer().decode([String: Value].self)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(conditions)
  }
}
