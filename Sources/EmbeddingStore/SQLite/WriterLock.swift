internal import Foundation
internal import Operations
internal import Synchronization

/// The right to write to a store, held for the length of a writing session: `flock` on an empty file beside it.
///
/// The kernel drops it with the process that held it, however that ends, so a file that was left behind locks nothing.
/// The database file itself is never locked this way, nor opened for it.
final class WriterLock: Sendable {
  private let path: String
  private let descriptor: Mutex<Int32>

  /// - Parameters:
  ///   - storePath: the database file.
  ///   - waiting: how long to try before giving up.
  /// - Throws: ``StoreError`` of category `busy`, naming the process that holds it.
  init(storePath: String, waiting: Duration) throws {
    path = Self.path(storePath)
    let deadline = ContinuousClock.now + waiting
    while true {
      if let locked = try Self.attempt(path, storePath) {
        descriptor = Mutex(locked)
        return
      }
      guard ContinuousClock.now < deadline else { throw Self.busy(path, storePath) }
      usleep(10_000)
    }
  }

  /// Whether some process holds the right to write. Only asks; a writer that starts in this instant waits a little.
  static func isHeld(storePath: String) -> Bool {
    let descriptor = open(path(storePath), O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK
  }

  func release() {
    descriptor.withLock { descriptor in
      guard descriptor >= 0 else { return }
      // Removed while it is held: whoever waits on it notices that it is no longer the file of that name.
      unlink(path)
      close(descriptor)
      descriptor = -1
    }
  }

  deinit { release() }

  private static func path(_ storePath: String) -> String { storePath + ".lock" }

  /// The locked file's descriptor, or nil where another process has it.
  private static func attempt(_ path: String, _ storePath: String) throws -> Int32? {
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw StoreError(
        .environment, "the store cannot be written: \(String(cString: strerror(errno)))", at: storePath,
        hint: "its folder must be writable, for the lock file beside it")
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0, isStillThere(path, descriptor) else {
      close(descriptor)
      return nil
    }
    // Only for the other's error message; a full disk is no reason to fail.
    ftruncate(descriptor, 0)
    let text = "\(getpid())\n"
    _ = text.withCString { pwrite(descriptor, $0, strlen($0), 0) }
    return descriptor
  }

  /// Whether the locked file is the one that others would lock.
  private static func isStillThere(_ path: String, _ descriptor: Int32) -> Bool {
    var (named, locked) = (stat(), stat())
    return stat(path, &named) == 0 && fstat(descriptor, &locked) == 0 && named.st_ino == locked.st_ino
      && named.st_dev == locked.st_dev
  }

  private static func busy(_ path: String, _ storePath: String) -> StoreError {
    let holder = (try? String(contentsOfFile: path, encoding: .utf8)).flatMap { Int32($0.dropLast()) }
    return StoreError(
      .busy, "another process is writing to the store", at: storePath, found: holder.map { "process \($0)" },
      hint: "wait until it has finished")
  }
}
