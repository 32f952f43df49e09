internal import CSentencePiece
public import Foundation
internal import Operations

/// A SentencePiece model (Kudo & Richardson 2018, arXiv 1808.06226), as the published checkpoints and ours use it.
public final class SentencePieceTokenizer: Tokenizer {
  /// The file's bytes, which are part of a model's fingerprint.
  public let modelBytes: Data
  public let vocabularySize: Int
  public let endOfText: Int32?
  public let beginningOfText: Int32?
  public let unknown: Int32

  // The library promises that a loaded processor may be read from any thread; it is never changed after `init`.
  private nonisolated(unsafe) let processor: OpaquePointer

  /// Loads a `.model` file.
  ///
  /// - Throws: ``TokenizerError`` when the file cannot be read or is no SentencePiece model.
  public convenience init(contentsOf url: URL) throws {
    let bytes: Data
    do {
      bytes = try Data(contentsOf: url)
    } catch {
      throw TokenizerError(
        FileManager.default.fileExists(atPath: url.path) ? .environment : .notFound, "cannot read the tokenizer",
        at: url.path, expected: "a SentencePiece model")
    }
    try self.init(modelBytes: bytes, location: url.path)
  }

  /// Loads a serialized model; `location` is named in errors.
  ///
  /// - Throws: ``TokenizerError`` when the bytes are no SentencePiece model.
  public init(modelBytes: Data, location: String? = nil) throws {
    var message: UnsafeMutablePointer<CChar>?
    let loaded = modelBytes.withUnsafeBytes { sp_load($0.baseAddress, $0.count, &message) }
    guard let loaded else {
      throw TokenizerError(
        .badInput, "the tokenizer cannot be loaded", at: location, expected: "a SentencePiece model",
        found: takeString(message))
    }
    processor = loaded
    self.modelBytes = modelBytes
    vocabularySize = Int(sp_vocabulary_size(loaded))
    endOfText = Self.existing(sp_end_id(loaded))
    beginningOfText = Self.existing(sp_begin_id(loaded))
    unknown = sp_unknown_id(loaded)
  }

  deinit { sp_release(processor) }

  public func encode(_ text: String) throws -> [Int32] {
    var text = text
    return try text.withUTF8 { bytes in
      try bytes.withMemoryRebound(to: CChar.self) { characters in
        var ids: UnsafeMutablePointer<Int32>?
        var count = 0
        var message: UnsafeMutablePointer<CChar>?
        guard sp_encode(processor, characters.baseAddress, characters.count, &ids, &count, &message) else {
          throw TokenizerError(.failed, "the text cannot be tokenized", found: takeString(message))
        }
        defer { sp_free_ids(ids) }
        return Array(UnsafeBufferPointer(start: ids, count: count))
      }
    }
  }

  public func decode(_ tokens: some Collection<Int32>) throws -> String {
    let ids = Array(tokens)
    if let stray = ids.first(where: { $0 < 0 || $0 >= vocabularySize }) {
      throw TokenizerError(
        .badInput, "the token is outside the vocabulary", expected: "0 to \(vocabularySize - 1)", found: "\(stray)")
    }
    var text: UnsafeMutablePointer<CChar>?
    var size = 0
    var message: UnsafeMutablePointer<CChar>?
    guard sp_decode(processor, ids, ids.count, &text, &size, &message), let text else {
      throw TokenizerError(.failed, "the tokens cannot be decoded", found: takeString(message))
    }
    defer { sp_free_string(text) }
    return String(decoding: UnsafeRawBufferPointer(start: text, count: size), as: UTF8.self)
  }

  /// The piece of text behind a token id (`▁` marks the space before a word).
  public func piece(_ token: Int32) -> String {
    precondition(token >= 0 && token < vocabularySize, "token outside the vocabulary")
    return takeString(sp_piece(processor, token)) ?? ""
  }

  private static func existing(_ id: Int32) -> Int32? { id < 0 ? nil : id }
}

/// The text of a C string that the library handed over, which is released.
func takeString(_ text: UnsafeMutablePointer<CChar>?) -> String? {
  guard let text else { return nil }
  defer { sp_free_string(text) }
  return String(cString: text)
}
