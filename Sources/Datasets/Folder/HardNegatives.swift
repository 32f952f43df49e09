import Foundation
import Operations

/// For some queries, stories that are close but wrong: JSON Lines `{"query_id": …, "negative_ids": […]}`.
public struct HardNegatives: Sendable, Equatable {
  public struct Row: Sendable, Equatable {
    public var queryID: String
    /// Best first.
    public var negativeIDs: [String]

    public init(queryID: String, negativeIDs: [String]) {
      self.queryID = queryID
      self.negativeIDs = negativeIDs
    }
  }

  public var rows: [Row]

  public init(rows: [Row]) { self.rows = rows }

  /// The negatives of each query.
  public var byQuery: [String: [String]] {
    Dictionary(rows.map { ($0.queryID, $0.negativeIDs) }, uniquingKeysWith: { first, _ in first })
  }

  /// - Throws: ``DatasetError`` naming the line of a malformed row or of a repeated query.
  public init(reading path: String) throws {
    var rows: [Row] = []
    var lines: [String: Int] = [:]
    try LineFile.forEachRow(path) { row, place in
      let id = try row.text("query_id")
      if let line = lines.updateValue(place.line, forKey: id) {
        throw DatasetError("the query comes twice", at: place, found: "the same query in line \(line)")
      }
      rows.append(Row(queryID: id, negativeIDs: try row.texts("negative_ids")))
    }
    self.rows = rows
  }

  /// The negatives of each query in several files; of a query that comes in more than one, all, in the files' order.
  ///
  /// - Throws: as ``init(reading:)``.
  public static func byQuery(reading paths: [String]) throws -> [String: [String]] {
    try paths.reduce(into: [:]) { all, path in
      all.merge(try HardNegatives(reading: path).byQuery) { first, second in first + second }
    }
  }

  /// Writes the file atomically.
  ///
  /// - Throws: ``OperationError`` when the disk refuses.
  public func write(to path: String) throws {
    var file = try BufferedFile(URL(fileURLWithPath: path))
    for row in rows {
      try file.write(
        "{\"query_id\": \(JSONText.quoted(row.queryID)), \"negative_ids\": \(JSONText.array(row.negativeIDs))}\n")
    }
    try file.commit()
  }
}
