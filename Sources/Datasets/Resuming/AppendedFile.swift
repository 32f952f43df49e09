import Foundation
import Operations

/// A file that only grows, written through a buffer.
final class AppendedFile {
  private let url: URL
  private let descriptor: Int32
  private var buffer: [UInt8] = []
  private var length: Int
  private static let capacity = 1 << 16

  /// Opens or creates the file and cuts it to a length.
  ///
  /// - Throws: ``OperationError`` when the disk refuses.
  init(_ url: URL, length: Int) throws {
    self.url = url
    self.length = length
    descriptor = open(url.path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw Self.failure(url, errno) }
    guard ftruncate(descriptor, off_t(length)) == 0, lseek(descriptor, 0, SEEK_END) >= 0 else {
      throw Self.failure(url, errno)
    }
    buffer.reserveCapacity(Self.capacity * 2)
  }

  deinit { close(descriptor) }

  func append(_ bytes: some Collection<UInt8>) throws {
    buffer.append(contentsOf: bytes)
    if buffer.count >= Self.capacity { try flush() }
  }

  /// Brings everything to the disk; returns the length.
  func settle() throws -> Int {
    try flush()
    guard fdatasync(descriptor) == 0 else { throw Self.failure(url, errno) }
    return length
  }

  private func flush() throws {
    try buffer.withUnsafeBytes { bytes in
      var done = 0
      while done < bytes.count {
        let count = Foundation.write(descriptor, bytes.baseAddress! + done, bytes.count - done)
        if count < 0, errno == EINTR { continue }
        guard count >= 0 else { throw Self.failure(url, errno) }
        done += count
      }
    }
    length += buffer.count
    buffer.removeAll(keepingCapacity: true)
  }

  private static func failure(_ url: URL, _ code: Int32) -> OperationError {
    OperationError(
      Diagnosis(.environment, "cannot write the file: \(String(cString: strerror(code)))", at: url.path))
  }
}
