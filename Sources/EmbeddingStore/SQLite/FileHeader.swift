internal import Foundation
internal import Operations

/// The first 100 bytes of a store's file, looked at before SQLite touches it, so that a foreign, newer or truncated
/// file stays as it is. The layout is SQLite's (https://www.sqlite.org/fileformat.html, §1.3), big-endian.
///
/// Read only while this process has no connection to the file: closing any descriptor of a file drops all locks that
/// the process holds on it, SQLite's own as well (``OpenFiles`` sees to it).
struct FileHeader {
  let pageSize: Int
  /// How many pages the file should have; nil where the header does not say.
  let pageCount: Int?
  let formatVersion: UInt32

  /// - Throws: ``StoreError`` when the file is no store that this program can read.
  init(checking path: String) throws {
    let (bytes, size) = try Self.read(path)
    func integer(at offset: Int, bytes width: Int) -> UInt32 {
      bytes[offset..<offset + width].reduce(0) { $0 << 8 | UInt32($1) }
    }
    guard size > 0 else {
      throw StoreError(
        .damaged, "the file is empty, so it is no store", at: path, hint: "remove it to start a new store")
    }
    guard bytes.starts(with: Array("SQLite format 3\0".utf8)) else {
      throw StoreError(.damaged, "the file is no store: it is not an SQLite database", at: path, hint: Self.untouched)
    }
    guard bytes.count == Self.byteCount else {
      throw StoreError.damaged("the file is cut off within its first 100 bytes", at: path)
    }
    guard integer(at: 68, bytes: 4) == Schema.applicationID else {
      throw StoreError(
        .damaged, "the file is no store: it is another program's SQLite database", at: path, hint: Self.untouched)
    }
    formatVersion = integer(at: 60, bytes: 4)
    guard formatVersion <= Schema.formatVersion else {
      throw StoreError(
        .conflict, "the store was made by a newer version of this program", at: path,
        expected: "format \(Schema.formatVersion) or older", found: "format \(formatVersion)",
        hint: "use that version; the file was left untouched")
    }
    let storedSize = integer(at: 16, bytes: 2)
    pageSize = storedSize == 1 ? 65_536 : Int(storedSize)
    guard formatVersion > 0, pageSize >= 512, pageSize.nonzeroBitCount == 1 else {
      throw StoreError.damaged("the first page of the file is damaged", at: path)
    }
    // The count is to be trusted only where it was written by the change that the header is from.
    pageCount = integer(at: 24, bytes: 4) == integer(at: 92, bytes: 4) ? Int(integer(at: 28, bytes: 4)) : nil
    if let pageCount, size < pageCount * pageSize, !Self.hasLog(path) {
      throw StoreError.damaged(
        "the file is cut off: \(pageCount * pageSize) bytes expected, \(size) found", at: path)
    }
  }

  static let byteCount = 100
  private static let untouched = "the file was left untouched; give another name to start a new store"

  /// Whether changes wait in the log beside the file; they may complete it.
  static func hasLog(_ path: String) -> Bool {
    var status = stat()
    return stat(path + "-wal", &status) == 0 && status.st_size > 0
  }

  private static func read(_ path: String) throws -> (bytes: [UInt8], size: Int) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      let code = errno
      throw code == ENOENT || code == ENOTDIR
        ? StoreError(.notFound, "there is no store", at: path, hint: "index a corpus to make one")
        : StoreError(.environment, "the store cannot be read: \(String(cString: strerror(code)))", at: path)
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw StoreError(.badInput, "the store must be a file", at: path)
    }
    var bytes = [UInt8](repeating: 0, count: byteCount)
    let count = pread(descriptor, &bytes, byteCount, 0)
    guard count >= 0 else {
      throw StoreError(.environment, "the store cannot be read: \(String(cString: strerror(errno)))", at: path)
    }
    return (Array(bytes.prefix(count)), Int(status.st_size))
  }
}
