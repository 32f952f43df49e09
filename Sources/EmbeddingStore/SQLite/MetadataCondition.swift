internal import GRDB

/// A ``MetadataFilter`` as SQL.
struct MetadataCondition {
  /// Empty, or conditions that each begin with AND.
  let sql: String
  let arguments: StatementArguments

  init(_ filter: MetadataFilter?) {
    var sql = ""
    var arguments: [(any DatabaseValueConvertible)?] = []
    for (key, value) in (filter?.conditions ?? [:]).sorted(by: { $0.key < $1.key }) {
      let (test, values) = Self.test(value)
      if Self.isPlain(key) {
        // Missing keys give null, which passes no test.
        let path = "$.\"\(key)\""
        sql += " AND \(test.replacing("TYPE", with: "json_type(document.metadata, ?)").replacing("VALUE", with: "json_extract(document.metadata, ?)"))"
        arguments += value.usesValue ? [path, path] + values : [path] + values
      } else {
        // SQLite has no way to write such a key in a path.
        sql +=
          " AND EXISTS (SELECT 1 FROM json_each(document.metadata) AS entry WHERE entry.key = ? AND "
          + "\(test.replacing("TYPE", with: "entry.type").replacing("VALUE", with: "entry.value")))"
        arguments += [key] + values
      }
    }
    self.sql = sql
    self.arguments = StatementArguments(arguments)
  }

  private static func test(_ value: MetadataFilter.Value) -> (sql: String, values: [(any DatabaseValueConvertible)?]) {
    switch value {
    case .string(let text): ("TYPE = 'text' AND VALUE = ?", [text])
    case .number(let number): ("TYPE IN ('integer', 'real') AND VALUE = ?", [number])
    case .bool(let flag): ("TYPE = '\(flag)'", [])
    case .null: ("TYPE = 'null'", [])
    }
  }

  /// Whether JSON and SQLite's paths write the key as it is.
  private static func isPlain(_ key: String) -> Bool {
    key.utf8.allSatisfy { (0x20...0x7E).contains($0) && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
  }
}

extension MetadataFilter.Value {
  fileprivate var usesValue: Bool {
    switch self {
    case .string, .number: true
    case .bool, .null: false
    }
  }
}
