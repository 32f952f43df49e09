internal import Foundation
internal import Operations

/// Names of store files.
enum StorePath {
  /// The absolute path without symbolic links, so that every process puts the lock and the log in the same place. It
  /// starts with a slash, which also keeps SQLite from reading it as a URI.
  static func resolve(_ path: String) throws -> String {
    guard !path.isEmpty, !path.utf8.contains(0) else {
      throw StoreError(.badInput, "impossible path of a store \"\(path.excerpt())\"")
    }
    if let resolved = realPath(path) { return resolved }
    let url = URL(fileURLWithPath: path)
    let folder = url.deletingLastPathComponent().path
    guard let resolved = realPath(folder) else {
      throw StoreError(.notFound, "there is no such folder", at: folder)
    }
    return (resolved == "/" ? "" : resolved) + "/" + url.lastPathComponent
  }

  static func exists(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0
  }

  /// Checks the header where no connection of this process can be harmed by it.
  static func check(_ path: String) throws {
    _ = try OpenFiles.open(path) {
      _ = try FileHeader(checking: path)
    } open: {
    }
  }

  private static func realPath(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}
