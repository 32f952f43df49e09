import Foundation

/// A folder of its own for one test, removed at the end.
final class TemporaryFolder {
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("datasets-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { (path as NSString).appendingPathComponent(name) }

  @discardableResult
  func write(_ content: String, to name: String) throws -> String { try write(Data(content.utf8), to: name) }

  @discardableResult
  func write(_ content: Data, to name: String) throws -> String {
    let path = file(name)
    try FileManager.default.createDirectory(
      atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try content.write(to: URL(fileURLWithPath: path))
    return path
  }

  func text(of name: String) throws -> String { try String(contentsOfFile: file(name), encoding: .utf8) }

  /// Every file below the folder, hidden ones too, with its content: for comparing whole results.
  func snapshot(of name: String = "") throws -> [String: String] {
    let root = name.isEmpty ? path : file(name)
    var result: [String: String] = [:]
    for entry in try FileManager.default.subpathsOfDirectory(atPath: root) {
      let full = (root as NSString).appendingPathComponent(entry)
      var isFolder: ObjCBool = false
      let exists = FileManager.default.fileExists(atPath: full, isDirectory: &isFolder)
      if exists, !isFolder.boolValue { result[entry] = try String(contentsOfFile: full, encoding: .utf8) }
    }
    return result
  }
}
