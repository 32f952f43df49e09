internal import Foundation

/// Whether a text is a JSON object.
enum JSONObject {
  /// - Complexity: O(length); an object within objects more than a few hundred deep is refused.
  static func isWellFormed(_ text: String) -> Bool {
    guard !text.utf8.contains(0) else { return false }
    return (try? JSONSerialization.jsonObject(with: Data(text.utf8))) is [String: Any]
  }
}
