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
      if Self.isPlain(key) {
        // A key that is missing gives null, which passes no test.
        let test = Test(value, type: "json_type(document.metadata, ?)", value: "json_extract(document.metadata, ?)")
        let path = "$.\"\(key)\""
        sql += " AND \(test.sql)"
        arguments += test.operand.map { [path, path, $0] } ?? [path]
      } else {
        // SQLite has no way to write such a key in a path.
        let test = Test(value, type: "entry.type", value: "entry.value")
        sql += " AND EXISTS (SELECT 1 FROM json_each(document.metadata) AS entry WHERE entry.key = ? AND \(test.sql))"
        arguments += test.operand.map { [key, $0] } ?? [key]
      }
    }
    self.sql = sql
    self.arguments = StatementArguments(arguments)
  }

  /// Whether JSON and SQLite's paths write the key as it is.
  private static func isPlain(_ key: String) -> Bool {
    key.utf8.allSatisfy { (0x20...0x7E).contains($0) && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
  }

  /// The comparison of one entry, given SQL for its type and its value.
  private struct Test {
    let sql: String
    /// What the value is compared with, where that is an argument.
    let operand: (any DatabaseValueConvertible)?

    init(_ wanted: MetadataFilter.Value, type: String, value: String) {
      switch wanted {
      case .string(let text): (sql, operand) = ("\(type) = 'text' AND \(value) = ?", text)
      case .number(let number): (sql, operand) = ("\(type) IN ('integer', 'real') AND \(value) = ?", number)
      case .bool(let flag): (sql, operand) = ("\(type) = '\(flag)'", nil)
      case .null: (sql, operand) = ("\(type) = 'null'", nil)
      }
    }
  }
}
