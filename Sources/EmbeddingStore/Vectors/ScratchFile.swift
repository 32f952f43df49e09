internal import Foundation
internal import Operations

/// A file without a name, written once and then mapped into memory: it is gone when nobody uses it any more, however
/// the process ends.
///
/// It lies where SQLite puts its own: in the folder that `TMPDIR` names, else in `/var/tmp`, else in `/tmp`.
final class ScratchFile {
  private let descriptor: Int32
  private let folder: String

  static var folders: [String] {
    let named = ProcessInfo.processInfo.environment["TMPDIR"].flatMap { $0.isEmpty ? nil : $0 }
    return named.map { [$0] } ?? ["/var/tmp", "/tmp"]
  }

  /// - Parameter folders: where it may lie, the best first.
  /// - Throws: ``StoreError`` of category `environment` where none can be made.
  init(folders: [String] = folders) throws {
    for folder in folders {
      var template = Array("\(folder)/mixer-vectors-XXXXXX".utf8CString)
      let descriptor = mkstemp(&template)
      guard descriptor >= 0 else { continue }
      unlink(template)
      _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
      self.descriptor = descriptor
      self.folder = folder
      return
    }
    throw Self.error(in: folders.joined(separator: ", "), errno)
  }

  deinit { close(descriptor) }

  /// - Throws: ``StoreError`` of category `environment` where the disk is full or fails.
  func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws {
    var written = 0
    while written < bytes.count {
      let count = pwrite(
        descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written, off_t(offset + written))
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw Self.error(in: folder, errno) }
      written += count
    }
  }

  /// The first `count` values of the file; reading at random is expected.
  func map(count: Int) throws -> FloatBlock {
    let bytes = count * MemoryLayout<Float>.stride
    guard let mapping = mmap(nil, bytes, PROT_READ, MAP_SHARED, descriptor, 0), mapping != MAP_FAILED else {
      throw Self.error(in: folder, errno)
    }
    _ = madvise(mapping, bytes, Int32(MADV_RANDOM))
    return FloatBlock(mapping: mapping, count: count)
  }

  private static func error(in folder: String, _ code: Int32) -> StoreError {
    StoreError(
      .environment, "the scratch file for vectors cannot be written: \(String(cString: strerror(code)))", at: folder,
      hint: "free some space, name another folder in TMPDIR, or scan in float32, which needs none")
  }
}
