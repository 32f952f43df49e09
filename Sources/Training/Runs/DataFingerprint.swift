internal import Crypto
internal import Foundation
internal import Operations

/// What data a model was trained on, so that a card can name it exactly.
public enum DataFingerprint {
  /// The first 16 digits of the SHA-256 over the files, or over all the files of a folder in the order of their names.
  ///
  /// - Throws: ``TrainingError`` when a file cannot be read.
  public static func of(_ path: String) throws -> String {
    var hash = SHA256()
    let names =
      isFolder(path)
      ? ((try? FileManager.default.subpathsOfDirectory(atPath: path)) ?? []).sorted().map { "\(path)/\($0)" } : [path]
    for name in names where !isFolder(name) {
      guard let handle = FileHandle(forReadingAtPath: name) else {
        throw TrainingError(.notFound, "cannot read the file", at: name)
      }
      defer { try? handle.close() }
      while let part = try handle.read(upToCount: 1 << 20), !part.isEmpty { hash.update(data: part) }
    }
    return String(hash.finalize().map { String(format: "%02x", $0) }.joined().prefix(16))
  }

  private static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
  }
}
