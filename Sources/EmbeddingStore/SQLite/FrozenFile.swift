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
  static func detect(_ path: String) -> FrozenFile? {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    guard access(folder, W_OK) != 0, !FileHeader.hasLog(path) else { return nil }
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
