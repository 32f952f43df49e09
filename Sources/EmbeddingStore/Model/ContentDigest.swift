internal import Crypto
internal import Foundation

/// SHA-256 over what a collection holds, independent of how and in which order it came there: for comparing two stores.
///
/// For every document in ascending order of its id: the id, the content hash, and the embedding's float32 values,
/// little-endian. An id is preceded by its length in bytes as 8 bytes little-endian.
public struct ContentDigest: Sendable, Equatable {
  /// 64 lower-case hexadecimal digits.
  public let hex: String

  public init(of collection: String, in store: some DocumentStore) throws {
    let vectors = try store.vectors(of: collection)
    var hash = SHA256()
    for first in Swift.stride(from: 0, to: vectors.count, by: Self.window) {
      let indices = first..<min(first + Self.window, vectors.count)
      let hashes = try store.hashes(in: collection, of: indices.map { vectors.id(at: $0) })
      for index in indices {
        let id = Data(vectors.id(at: index).utf8)
        withUnsafeBytes(of: UInt64(id.count).littleEndian) { hash.update(bufferPointer: $0) }
        hash.update(data: id)
        hash.update(data: hashes[vectors.id(at: index)]?.bytes ?? Data())
        vectors.withVector(at: index) { hash.update(bufferPointer: UnsafeRawBufferPointer($0)) }
      }
    }
    hex = hash.finalize().map { $0 < 16 ? "0" + String($0, radix: 16) : String($0, radix: 16) }.joined()
  }

  private static let window = 1000
}
