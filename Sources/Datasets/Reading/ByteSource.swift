import Foundation
import Operations

/// A file or standard input, read once from front to back through one buffer.
///
/// The unsafe part of reading lives here: ``SegmentReader`` asks for the unread bytes and says how many it used.
final class ByteSource {
  /// The path as it was given, or `standard input`.
  let name: String
  /// How many bytes were handed on so far: for progress.
  private(set) var bytesConsumed = 0

  private let descriptor: Int32
  private let ownsDescriptor: Bool
  private var buffer: UnsafeMutableRawBufferPointer
  private var start = 0
  private var end = 0
  private var isAtEnd = false

  static let standardInputPath = "-"

  /// - Parameter path: a file, or `-` for standard input.
  /// - Throws: ``DatasetError`` when it is missing, a folder or not readable.
  init(path: String, bufferSize: Int = 1 << 18) throws {
    if path == Self.standardInputPath {
      name = "standard input"
      descriptor = STDIN_FILENO
      ownsDescriptor = false
    } else {
      name = path
      descriptor = open(path, O_RDONLY | O_CLOEXEC)
      ownsDescriptor = true
      guard descriptor >= 0 else { throw Self.failure("cannot read the file", path, errno) }
    }
    buffer = .allocate(byteCount: bufferSize, alignment: 16)
  }

  deinit {
    if ownsDescriptor { close(descriptor) }
    buffer.deallocate()
  }

  /// The bytes that were read and not yet consumed; valid until the next call of ``fill()``.
  var unread: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: buffer[start..<end]) }

  func consume(_ count: Int) {
    precondition(count <= end - start)
    start += count
    bytesConsumed += count
  }

  /// Reads more behind the unread bytes, growing the buffer when they fill it.
  ///
  /// - Returns: false at the end of the file.
  func fill() throws -> Bool {
    if isAtEnd { return false }
    if start > 0 {
      buffer.copyMemory(from: unread)
      end -= start
      start = 0
    }
    if end == buffer.count {
      let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: buffer.count * 2, alignment: 16)
      larger.copyMemory(from: unread)
      buffer.deallocate()
      buffer = larger
    }
    while true {
      let count = read(descriptor, buffer.baseAddress! + end, buffer.count - end)
      if count < 0 {
        if errno == EINTR { continue }
        throw Self.failure("cannot read the file", name, errno)
      }
      isAtEnd = count == 0
      end += count
      return count > 0
    }
  }

  /// Up to `count` first unread bytes, without consuming them.
  func peek(_ count: Int) throws -> [UInt8] {
    while end - start < count, try fill() {}
    return Array(unread.prefix(count))
  }

  static func failure(_ what: String, _ path: String, _ code: Int32) -> DatasetError {
    let reason = String(cString: strerror(code))
    let category: Diagnosis.Category =
      switch code {
      case ENOENT, ENOTDIR: .notFound
      default: .badInput
      }
    return DatasetError(Diagnosis(category, "\(what): \(reason)", at: path))
  }
}
