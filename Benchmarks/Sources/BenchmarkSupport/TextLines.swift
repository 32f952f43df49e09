public import Foundation

/// The `text` fields of the first lines of a JSONL file.
public enum TextLines {
  private struct Row: Decodable { let text: String }

  public static func read(_ url: URL, limit: Int) throws -> [String] {
    let data = try Data(contentsOf: url, options: .mappedIfSafe)
    let decoder = JSONDecoder()
    return try data.split(separator: UInt8(ascii: "\n"), maxSplits: limit).prefix(limit).map {
      try decoder.decode(Row.self, from: $0).text
    }
  }
}
