import Foundation
import Operations

/// `queries.jsonl`: `{"_id": …, "text": …}` a line.
public enum QueryFile {
  /// - Throws: ``DatasetError`` naming the line of a malformed row, of an empty query or of a repeated id.
  public static func read(_ path: String) throws -> [QueryRecord] {
    var result: [QueryRecord] = []
    var lines: [String: Int] = [:]
    try LineFile.forEachRow(path) { row, place in
      let idField = row.contains("_id") ? "_id" : "id"
      guard let id = try row.optionalIdentifier(idField) else {
        throw DatasetError("the query has no id", at: place, expected: "a field “_id”")
      }
      if let reason = StoryIdentifier.fault(in: id) { throw DatasetError(reason, at: place) }
      if let line = lines.updateValue(place.line, forKey: id) {
        throw DatasetError(
          "duplicate id “\(id.excerpt())”", at: place, found: "the same id in line \(line)")
      }
      let text = try row.text("text")
      if text.isBlank { throw DatasetError("the query is empty", at: place) }
      result.append(QueryRecord(id: id, text: text, metadata: try row.optionalObject("metadata")))
    }
    return result
  }

  /// Writes the file atomically.
  ///
  /// - Throws: ``OperationError`` when the disk refuses.
  public static func write(_ queries: some Sequence<QueryRecord>, to path: String) throws {
    var file = try BufferedFile(URL(fileURLWithPath: path))
    for query in queries { try file.write(line(query)) }
    try file.commit()
  }

  static func line(_ query: QueryRecord) -> String {
    let metadata = query.metadata.map { ", \"metadata\": \($0)" } ?? ""
    return "{\"_id\": \(JSONText.quoted(query.id)), \"text\": \(JSONText.quoted(query.text))\(metadata)}\n"
  }
}
