internal import Crypto
public import Foundation
public import Tensors

/// What makes two model folders the same model: SHA-256 over everything that its embeddings depend on.
///
/// The digest is over, in this order: each config key that matters as `key=value` and a line feed, keys sorted;
/// the length of the tokenizer's bytes as 8 bytes little-endian, and those bytes; for each tensor that matters,
/// sorted by name, `name shape` (`wte.weight 4096x256`) and a line feed, and its values as float32 little-endian.
/// An unchanged model under another path, or in another element type of the same values, has the same fingerprint.
public struct Fingerprint: Sendable, Hashable, CustomStringConvertible {
  /// 64 lower-case hexadecimal digits.
  public let hex: String

  public init(hex: String) { self.hex = hex }

  public init(
    configuration: [String: String], tokenizer: Data, parameters: ParameterBuffer<Float>, tensors: [TensorShape]
  ) {
    var hash = SHA256()
    for (key, value) in configuration.sorted(by: { $0.key < $1.key }) {
      hash.update(data: Data("\(key)=\(value)\n".utf8))
    }
    withUnsafeBytes(of: UInt64(tokenizer.count).littleEndian) { hash.update(bufferPointer: $0) }
    hash.update(data: tokenizer)
    for tensor in tensors.sorted(by: { $0.name < $1.name }) {
      let shape = tensor.shape.map(String.init).joined(separator: "x")
      hash.update(data: Data("\(tensor.name) \(shape)\n".utf8))
      hash.update(bufferPointer: UnsafeRawBufferPointer(parameters.values(tensor)))
    }
    hex = hash.finalize().map { $0 < 16 ? "0" + String($0, radix: 16) : String($0, radix: 16) }.joined()
  }

  public var description: String { hex }

  /// The first 12 digits, for people.
  public var short: String { String(hex.prefix(12)) }
}
