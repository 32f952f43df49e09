public import Foundation
internal import Operations
public import Tensors

/// Writes a safetensors file of float32 tensors, atomically.
public enum SafetensorsWriter {
  /// A tensor to write: its name and shape, and its values.
  public struct Tensor {
    let shape: TensorShape
    let values: UnsafeBufferPointer<Float>

    /// `values` must stay valid until the file is written and hold as many values as `shape` says.
    public init(_ shape: TensorShape, _ values: UnsafeBufferPointer<Float>) {
      precondition(values.count == shape.count, "\(shape.name): \(values.count) values for \(shape.shape)")
      self.shape = shape
      self.values = values
    }
  }

  /// - Throws: `OperationError` when the file cannot be written; what was there stays as it was.
  public static func write(_ tensors: [Tensor], metadata: [String: String] = [:], to url: URL) throws {
    var file = try AtomicFile(url)
    try file.write(header(of: tensors.map(\.shape), metadata: metadata))
    for tensor in tensors { try file.write(UnsafeRawBufferPointer(tensor.values)) }
    try file.commit()
  }

  /// The length and the JSON header, padded with spaces so that the data starts at a multiple of 8 bytes.
  static func header(of shapes: [TensorShape], metadata: [String: String]) throws -> Data {
    var members: [String] = []
    if !metadata.isEmpty {
      let pairs = try metadata.sorted { $0.key < $1.key }.map { "\(try quoted($0.key)):\(try quoted($0.value))" }
      members.append("\"__metadata__\":{\(pairs.joined(separator: ","))}")
    }
    var offset = 0
    for shape in shapes {
      let end = offset + shape.count * 4
      let dimensions = shape.shape.map(String.init).joined(separator: ",")
      members.append(
        "\(try quoted(shape.name)):{\"dtype\":\"F32\",\"shape\":[\(dimensions)],\"data_offsets\":[\(offset),\(end)]}")
      offset = end
    }
    var json = Data("{\(members.joined(separator: ","))}".utf8)
    json.append(contentsOf: repeatElement(UInt8(ascii: " "), count: (8 - json.count % 8) % 8))
    var data = withUnsafeBytes(of: UInt64(json.count).littleEndian) { Data($0) }
    data.append(json)
    return data
  }

  private static func quoted(_ text: String) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    return String(decoding: try encoder.encode(text), as: UTF8.self)
  }
}
