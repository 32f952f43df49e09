internal import CKernels
internal import Operations

/// What may be stored, checked once for each thing that comes in.
enum Validation {
  static let longestName = 128
  static let longestID = 512
  static let largestDimension = 65_536

  static func collection(name: String, fingerprint: String, dimension: Int, precision: String) throws {
    guard !name.isEmpty, name.utf8.count <= longestName, !name.hasControlCharacters else {
      throw StoreError(
        .badInput, "impossible collection name \"\(name.excerpt())\"",
        expected: "1 to \(longestName) bytes without control characters")
    }
    guard !fingerprint.isEmpty, fingerprint.utf8.count <= 256, !fingerprint.hasControlCharacters else {
      throw StoreError(.badInput, "impossible fingerprint \"\(fingerprint.excerpt())\"")
    }
    guard (1...largestDimension).contains(dimension) else {
      throw StoreError(
        .badInput, "impossible dimension", expected: "1 to \(largestDimension)", found: String(dimension))
    }
    guard !precision.isEmpty, precision.utf8.count <= 32, !precision.hasControlCharacters else {
      throw StoreError(.badInput, "impossible precision \"\(precision.excerpt())\"")
    }
  }

  static func entry(_ entry: EmbeddedDocument, dimension: Int) throws {
    let document = entry.document
    try id(document.id)
    guard !document.text.utf8.contains(0) else {
      throw StoreError(.badInput, "the text holds a NUL character", at: "document \(document.id)")
    }
    if let metadata = document.metadata, !JSONObject.isWellFormed(metadata) {
      throw StoreError(
        .badInput, "the metadata is no JSON object", at: "document \(document.id)", found: metadata.excerpt())
    }
    guard entry.embedding.count == dimension else {
      throw StoreError(
        .badInput, "the vector has the wrong dimension", at: "document \(document.id)",
        expected: String(dimension), found: String(entry.embedding.count))
    }
    guard mk_all_finite(entry.embedding, entry.embedding.count) != 0 else {
      throw StoreError(
        .badInput, "the vector holds a value that is not finite", at: "document \(document.id)",
        hint: "the model's weights or the text's tokens are broken")
    }
  }

  static func id(_ id: String) throws {
    guard !id.isEmpty, id.utf8.count <= longestID else {
      throw StoreError(
        .badInput, "impossible document id \"\(id.excerpt())\"", expected: "1 to \(longestID) bytes",
        found: String(id.utf8.count))
    }
    // Nearly every id is printable ASCII, which needs no look at Unicode's tables.
    if id.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) { return }
    let isPrintable = id.unicodeScalars.allSatisfy {
      !$0.properties.isWhitespace && $0.properties.generalCategory != .control
    }
    guard isPrintable else {
      throw StoreError(
        .badInput, "impossible document id \"\(id.excerpt())\"", expected: "no white space or control characters")
    }
  }
}

extension String {
  var hasControlCharacters: Bool { unicodeScalars.contains { $0.properties.generalCategory == .control } }
}
