internal import Crypto
public import Foundation

/// SHA-256 of a document's text and metadata: what decides whether a document changed.
///
/// The bytes hashed are the text's length in UTF-8 bytes as a little-endian 64-bit integer, the text, and, where there
/// is any, the metadata.
public struct DocumentHash: Sendable, Hashable {
  /// 32 bytes.
  public let bytes: Data

  static let byteCount = 32

  public static func of(_ document: Document) -> DocumentHash {
    of(text: document.text, metadata: document.metadata)
  }

  static func of(text: String, metadata: String?) -> DocumentHash {
    var hasher = SHA256()
    func update(_ text: String) {
      var text = text
      text.withUTF8 { hasher.update(bufferPointer: UnsafeRawBufferPointer($0)) }
    }
    withUnsafeBytes(of: UInt64(text.utf8.count).littleEndian) { hasher.update(bufferPointer: $0) }
    update(text)
    if let metadata { update(metadata) }
    return DocumentHash(unchecked: Data(hasher.finalize()))
  }

  /// - Returns: nil unless there are 32 bytes.
  public init?(bytes: Data) {
    guard bytes.count == Self.byteCount else { return nil }
    self.bytes = bytes
  }

  private init(unchecked bytes: Data) { self.bytes = bytes }
}
