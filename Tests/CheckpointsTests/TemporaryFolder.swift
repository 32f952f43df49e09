import Foundation

/// A folder that lives as long as the object.
final class TemporaryFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent("checkpoints-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func file(_ name: String) -> URL { url.appendingPathComponent(name) }

  /// Writes `bytes` and returns the path. Foundation would wait for the disk, thousands of times.
  func write(_ bytes: some Sequence<UInt8>, _ name: String = "file.safetensors") throws -> String {
    let (path, bytes) = (file(name).path, Array(bytes))
    guard let stream = fopen(path, "w") else { throw CocoaError(.fileWriteUnknown) }
    defer { fclose(stream) }
    guard fwrite(bytes, 1, bytes.count, stream) == bytes.count else { throw CocoaError(.fileWriteUnknown) }
    return path
  }
}

/// A file's bytes: the header's length, the header, the data.
func safetensors(_ header: String, data: [UInt8] = [], claimedLength: UInt64? = nil) -> [UInt8] {
  let json = Array(header.utf8)
  return withUnsafeBytes(of: (claimedLength ?? UInt64(json.count)).littleEndian, Array.init) + json + data
}

/// Numbers as their little-endian bytes.
func bytes<Number: FixedWidthInteger>(_ numbers: [Number]) -> [UInt8] {
  numbers.flatMap { withUnsafeBytes(of: $0.littleEndian, Array.init) }
}

func bytes(_ numbers: [Float]) -> [UInt8] { bytes(numbers.map(\.bitPattern)) }
