/// Checks that several routes make.
enum Validation {
  /// - Throws: ``ServerError`` when the text has nothing but white space.
  static func requireText(_ text: String, _ field: String) throws {
    guard text.contains(where: { !$0.isWhitespace }) else {
      throw ServerError.invalid(field, "the text is empty", expected: "a text")
    }
  }

  /// - Throws: ``ServerError`` when there is no text, too many, or an empty one.
  static func requireTexts(_ texts: [String], _ field: String, limit: Int) throws {
    guard !texts.isEmpty else { throw ServerError.invalid(field, "there are no texts", expected: "at least one") }
    guard texts.count <= limit else {
      throw ServerError.invalid(
        field, "there are too many texts", expected: "at most \(limit)", found: "\(texts.count)")
    }
    for (index, text) in texts.enumerated() { try requireText(text, "\(field)[\(index)]") }
  }
}
