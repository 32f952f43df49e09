import Foundation
import Operations

/// An ``AtomicFile`` that gathers small writes.
struct BufferedFile: ~Copyable {
  private var file: AtomicFile
  private var buffer: [UInt8] = []
  private static let capacity = 1 << 16

  init(_ url: URL) throws {
    file = try AtomicFile(url)
    buffer.reserveCapacity(Self.capacity * 2)
  }

  mutating func write(_ text: String) throws {
    buffer.append(contentsOf: text.utf8)
    if buffer.count >= Self.capacity { try flush() }
  }

  mutating func commit() throws {
    try flush()
    try file.commit()
  }

  private mutating func flush() throws {
    try buffer.withUnsafeBytes { bytes in try file.write(bytes) }
    buffer.removeAll(keepingCapacity: true)
  }
}
