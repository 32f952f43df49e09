internal import Foundation
internal import Synchronization

/// Which database files this process has open, so that a header is read only while none of them is the same file.
///
/// Why that matters: POSIX locks belong to the process. Closing a descriptor that merely read a header would drop the
/// locks of every SQLite connection that this process has to the file, and with them its protection from others.
enum OpenFiles {
  fileprivate struct Identity: Hashable {
    let device: UInt64
    let inode: UInt64

    init?(_ path: String) {
      var status = stat()
      guard stat(path, &status) == 0 else { return nil }
      device = UInt64(status.st_dev)
      inode = UInt64(status.st_ino)
    }
  }

  private static let counts = Mutex<[Identity: Int]>([:])

  /// One use of a file; ended by ``end()``, at the latest when it is no longer referenced.
  final class Use: Sendable {
    private let identity: Identity?
    private let isEnded = Mutex(false)

    fileprivate init(_ identity: Identity?) { self.identity = identity }

    func end() {
      let isFirst = isEnded.withLock { ended in
        defer { ended = true }
        return !ended
      }
      guard isFirst, let identity else { return }
      counts.withLock { counts in
        let rest = (counts[identity] ?? 0) - 1
        counts[identity] = rest > 0 ? rest : nil
      }
    }

    deinit { end() }
  }

  /// Opens a file: `check` runs first, unless this process has the file open already and so has checked it.
  static func open<Connection>(
    _ path: String, check: () throws -> Void, open: () throws -> Connection
  ) throws -> (Connection, Use) {
    try counts.withLock { counts in
      let identity = Identity(path)
      if identity.map({ counts[$0] == nil }) ?? true { try check() }
      let connection = try open()
      if let identity { counts[identity, default: 0] += 1 }
      return (connection, Use(identity))
    }
  }
}
