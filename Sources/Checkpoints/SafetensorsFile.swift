internal import Foundation
internal import Operations
internal import Tensors

/// The element types that are read.
public enum ElementType: String, Sendable {
  case float32 = "F32"
  case float16 = "F16"
  case bfloat16 = "BF16"
  case int64 = "I64"

  public var size: Int {
    switch self {
    case .float32: 4
    case .float16, .bfloat16: 2
    case .int64: 8
    }
  }
}

/// A safetensors file (huggingface.co/docs/safetensors), memory-mapped: 8 bytes of header length, the header in
/// JSON, then the tensors' bytes, little-endian.
///
/// Everything that the header claims is checked before any data is touched: its length, every offset (in range,
/// in order, without gap or overlap), shape × type = length, and that no name occurs twice.
public struct SafetensorsFile: Sendable {
  /// One tensor's place in the file.
  public struct Entry: Sendable {
    public let name: String
    public let type: ElementType
    public let shape: [Int]
    /// Within the whole file.
    let range: Range<Int>

    public var count: Int { shape.reduce(1, *) }
  }

  public let path: String
  /// In the order of their data.
  public let entries: [Entry]
  /// The free text under `__metadata__`.
  public let metadata: [String: String]
  private let byName: [String: Int]
  private let file: MappedFile

  /// The header's largest length, 100 MB, as the format's own library has it.
  static let largestHeader = 100_000_000

  /// - Throws: ``CheckpointError`` when the file is missing, truncated or malformed.
  public init(path: String) throws {
    let file = try MappedFile(path: path)
    self.file = file
    self.path = path
    let bytes = file.bytes
    guard bytes.count >= 8 else {
      throw CheckpointError(
        .damaged, "the file is no safetensors", at: path, expected: "at least 8 bytes", found: "\(bytes.count)")
    }
    let headerLength = UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))
    guard headerLength <= Self.largestHeader, headerLength <= bytes.count - 8 else {
      throw CheckpointError(
        .damaged, "the file is no safetensors, or truncated", at: path,
        expected: "a header of at most \(min(Self.largestHeader, bytes.count - 8)) bytes", found: "\(headerLength)")
    }
    let header = UnsafeRawBufferPointer(rebasing: bytes[8..<8 + Int(headerLength)])
    let value: HeaderJSON.Value
    do {
      value = try header.withMemoryRebound(to: UInt8.self) { try HeaderJSON.parse($0) }
    } catch let fault as HeaderJSON.Fault {
      throw CheckpointError(.damaged, "the header is malformed: \(fault.what)", at: "\(path), byte \(8 + fault.offset)")
    }
    guard case .object(let members) = value else {
      throw CheckpointError(.damaged, "the header is malformed", at: path, expected: "a JSON object")
    }
    (entries, metadata) = try Self.readMembers(
      members, dataStart: 8 + Int(headerLength), fileSize: bytes.count, path: path)
    byName = Dictionary(uniqueKeysWithValues: entries.enumerated().map { ($1.name, $0) })
  }

  private static func readMembers(
    _ members: [(key: String, value: HeaderJSON.Value)], dataStart: Int, fileSize: Int, path: String
  ) throws -> (entries: [Entry], metadata: [String: String]) {
    var entries: [Entry] = []
    var metadata: [String: String] = [:]
    for (name, value) in members {
      if name == "__metadata__" {
        guard case .object(let pairs) = value else {
          throw CheckpointError(.damaged, "the metadata is malformed", at: path, expected: "a JSON object of strings")
        }
        for (key, value) in pairs {
          guard case .string(let text) = value else {
            throw CheckpointError(.damaged, "the metadata \"\(key)\" is malformed", at: path, expected: "a string")
          }
          metadata[key] = text
        }
      } else {
        entries.append(try readEntry(name, value, dataStart: dataStart, fileSize: fileSize, path: path))
      }
    }
    entries.sort { ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound) }
    var end = dataStart
    for entry in entries {
      guard entry.range.lowerBound == end else {
        throw CheckpointError(
          .damaged, "tensors overlap or leave a gap", at: "\(path), tensor \(entry.name)",
          expected: "offset \(end - dataStart)", found: "\(entry.range.lowerBound - dataStart)")
      }
      end = entry.range.upperBound
    }
    guard end == fileSize else {
      throw CheckpointError(
        .damaged, "the file has bytes that belong to no tensor", at: path, expected: "\(end) bytes",
        found: "\(fileSize)")
    }
    return (entries, metadata)
  }

  private static func readEntry(
    _ name: String, _ value: HeaderJSON.Value, dataStart: Int, fileSize: Int, path: String
  ) throws -> Entry {
    let place = "\(path), tensor \(name.excerpt())"
    guard case .object(let fields) = value else {
      throw CheckpointError(.damaged, "the tensor's entry is malformed", at: place, expected: "a JSON object")
    }
    var type: ElementType?
    var shape: [Int]?
    var offsets: [Int]?
    func integers(_ values: [HeaderJSON.Value]) -> [Int]? {
      let numbers = values.compactMap { if case .integer(let number) = $0 { number } else { nil } }
      return numbers.count == values.count ? numbers : nil
    }
    for field in fields {
      switch (field.key, field.value) {
      case ("dtype", .string(let text)):
        guard let known = ElementType(rawValue: text) else {
          throw CheckpointError(
            .badInput, "the tensor's type is not read", at: place, expected: "F32, F16, BF16 or I64",
            found: text.excerpt())
        }
        type = known
      case ("shape", .array(let values)): shape = integers(values)
      case ("data_offsets", .array(let values)): offsets = integers(values)
      default: throw CheckpointError(.damaged, "the tensor's entry is malformed", at: place, found: field.key.excerpt())
      }
    }
    guard let type, let shape, let offsets, offsets.count == 2 else {
      throw CheckpointError(
        .damaged, "the tensor's entry is malformed", at: place, expected: "dtype, shape and data_offsets")
    }
    var length = type.size
    for dimension in shape {
      let (product, overflowed) = length.multipliedReportingOverflow(by: dimension)
      guard !overflowed else {
        throw CheckpointError(.damaged, "the tensor's shape overflows", at: place, found: "\(shape)")
      }
      length = product
    }
    guard offsets[0] <= offsets[1], offsets[1] <= fileSize - dataStart else {
      throw CheckpointError(
        .damaged, "the tensor's data lies outside the file, which may be truncated", at: place,
        expected: "at most \(fileSize - dataStart)", found: "\(offsets[1])")
    }
    guard offsets[1] - offsets[0] == length else {
      throw CheckpointError(
        .damaged, "the tensor's shape and its data disagree", at: place, expected: "\(length) bytes for \(shape)",
        found: "\(offsets[1] - offsets[0])")
    }
    return Entry(name: name, type: type, shape: shape, range: dataStart + offsets[0]..<dataStart + offsets[1])
  }

  public func entry(_ name: String) -> Entry? { byName[name].map { entries[$0] } }

  /// The tensor's bytes as stored.
  public func bytes(_ entry: Entry) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: file.bytes[entry.range])
  }

  /// Calls `body` with the tensor's bytes, the mapping kept alive meanwhile.
  public func withBytes<Result>(_ entry: Entry, _ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    try withExtendedLifetime(file) { try body(UnsafeRawBufferPointer(rebasing: file.bytes[entry.range])) }
  }

  /// Copies the tensor's values to `destination` as float32; it must have room for `entry.count`.
  ///
  /// - Throws: ``CheckpointError`` for a tensor of whole numbers, or a NaN or infinite value.
  public func copyValues(_ entry: Entry, to destination: UnsafeMutablePointer<Float>) throws {
    try withBytes(entry) { bytes in
      switch entry.type {
      case .float32: try file.copy(entry.range, to: destination)
      case .float16:
        for index in 0..<entry.count {
          let bits = bytes.loadUnaligned(fromByteOffset: index * 2, as: UInt16.self)
          destination[index] = HalfPrecision.float32(float16Bits: UInt16(littleEndian: bits))
        }
      case .bfloat16:
        for index in 0..<entry.count {
          let bits = bytes.loadUnaligned(fromByteOffset: index * 2, as: UInt16.self)
          destination[index] = HalfPrecision.float32(bfloat16Bits: UInt16(littleEndian: bits))
        }
      case .int64:
        throw CheckpointError(
          .badInput, "the tensor's type cannot be used here", at: "\(path), tensor \(entry.name)",
          expected: "F32, F16 or BF16", found: entry.type.rawValue)
      }
    }
    guard Elementwise.allFinite(UnsafeBufferPointer(start: destination, count: entry.count)) else {
      throw CheckpointError(
        .damaged, "the tensor has a NaN or infinite value", at: "\(path), tensor \(entry.name)",
        expected: "finite values")
    }
  }

  /// The tensor's values as float32.
  ///
  /// - Throws: ``CheckpointError`` when there is no such tensor, or as ``copyValues(_:to:)``.
  public func floats(_ name: String) throws -> [Float] {
    guard let entry = entry(name) else { throw missing(name) }
    return try [Float](unsafeUninitializedCapacity: entry.count) { buffer, count in
      if let base = buffer.baseAddress { try copyValues(entry, to: base) }
      count = entry.count
    }
  }

  /// The tensor's values as whole numbers.
  ///
  /// - Throws: ``CheckpointError`` when there is no such tensor or it is not of type I64.
  public func integers(_ name: String) throws -> [Int64] {
    guard let entry = entry(name) else { throw missing(name) }
    guard entry.type == .int64 else {
      throw CheckpointError(
        .badInput, "the tensor's type cannot be used here", at: "\(path), tensor \(name)", expected: "I64",
        found: entry.type.rawValue)
    }
    return withBytes(entry) { bytes in
      (0..<entry.count).map { Int64(littleEndian: bytes.loadUnaligned(fromByteOffset: $0 * 8, as: Int64.self)) }
    }
  }

  private func missing(_ name: String) -> CheckpointError {
    CheckpointError(.badInput, "the tensor \(name) is missing", at: path)
  }
}
