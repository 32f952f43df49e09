internal import Foundation
internal import Operations

/// A store in a folder where nothing may be written, and which nobody is using: SQLite can read it only as a file
/// that never changes, because its log's index cannot be made beside it.
///
/// Should the file change all the same (its owner may write), reading on would mix old and new pages: that is noticed
/// by the file's size, time and log before every read.
struct FrozenFile: Sendable {
  /// What SQLite opens.
  let address: String
  private let size: Int
  private let seconds: Int
  private let nanoseconds: Int
  private let inode: UInt64

  /// - Returns: nil where the file can be opened in the ordinary way.
  /// - Throws: ``StoreError`` of category `environment` where changes wait in a log that cannot be read here.
  static func detect(_ path: String) throws -> FrozenFile? {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    guard access(folder, W_OK) != 0 else { return nil }
    if FileHeader.hasLog(path) {
      guard !StorePath.exists(path + "-shm") else { return nil }
      throw StoreError(
        .environment, "the store was not closed properly, and its folder is read-only", at: path,
        hint: "copy it with its -wal file to a folder that can be written")
    }
    // Where its owner has it open, the log and its index are there and can be read along.
    if StorePath.exists(path + "-wal"), StorePath.exists(path + "-shm") { return nil }
    return FrozenFile(path)
  }

  init?(_ path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    size = Int(status.st_size)
    seconds = Int(status.st_mtim.tv_sec)
    nanoseconds = Int(status.st_mtim.tv_nsec)
    inode = UInt64(status.st_ino)
    var allowed = CharacterSet.urlPathAllowed
    allowed.remove(charactersIn: "?#%;")
    address = "file://" + (path.addingPercentEncoding(withAllowedCharacters: allowed) ?? path) + "?immutable=1"
  }

  /// - Throws: ``StoreError`` of category `busy` once the file changed.
  func requireUnchanged(_ path: String) throws {
    let now = FrozenFile(path)
    guard let now, now.size == size, now.seconds == seconds, now.nanoseconds == nanoseconds, now.inode == inode,
      !FileHeader.hasLog(path)
    else {
      throw StoreError(
        .busy, "another process changed the store in its read-only folder", at: path, hint: "open it again")
    }
  }
}
