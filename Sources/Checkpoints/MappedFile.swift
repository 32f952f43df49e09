internal import Foundation
internal import Operations

/// A file mapped into memory, read-only.
///
/// `@unchecked Sendable`: the mapping is private, never written and lives as long as the object.
final class MappedFile: @unchecked Sendable {
  let path: String
  let bytes: UnsafeRawBufferPointer
  private let descriptor: Int32

  /// - Throws: ``CheckpointError`` when the file is missing or cannot be read.
  init(path: String) throws {
    self.path = path
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      let code = errno
      throw CheckpointError(
        code == ENOENT ? .notFound : .environment, "cannot read the file: \(String(cString: strerror(code)))", at: path)
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw CheckpointError(.badInput, "not a file", at: path)
    }
    let size = Int(status.st_size)
    if size == 0 {
      bytes = UnsafeRawBufferPointer(start: nil, count: 0)
      return
    }
    guard let address = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), address != MAP_FAILED else {
      let code = errno
      close(descriptor)
      throw CheckpointError(.environment, "cannot map the file: \(String(cString: strerror(code)))", at: path)
    }
    bytes = UnsafeRawBufferPointer(start: address, count: size)
  }

  /// Copies a part of the file to memory. For large parts that are read once this is faster than touching the
  /// mapping page by page, and a file that has shrunk meanwhile is an error instead of a fault.
  ///
  /// - Throws: ``CheckpointError`` when it cannot be read.
  func copy(_ range: Range<Int>, to destination: UnsafeMutableRawPointer) throws {
    var done = 0
    while done < range.count {
      let count = pread(descriptor, destination + done, range.count - done, off_t(range.lowerBound + done))
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        let reason = count < 0 ? String(cString: strerror(errno)) : "it has become shorter"
        throw CheckpointError(.environment, "cannot read the file: \(reason)", at: path)
      }
      done += count
    }
  }

  deinit {
    close(descriptor)
    if let base = bytes.baseAddress { munmap(UnsafeMutableRawPointer(mutating: base), bytes.count) }
  }
}
