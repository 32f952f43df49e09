public import Foundation
import Operations

/// Makes a new dataset folder that appears under its name only when every file in it is complete.
///
/// The files are written in a hidden folder beside it, which is renamed at the end and removed when the work
/// fails.
public struct DatasetFolderWriter: ~Copyable {
  public let destination: URL
  /// Where the files go until ``commit()``.
  public let layout: DatasetLayout
  private var isCommitted = false

  /// - Throws: ``DatasetError`` when the destination exists and holds something, ``OperationError`` when the
  ///   disk refuses.
  public init(_ path: String) throws {
    let destination = try Self.newFolder(path)
    let parent = destination.deletingLastPathComponent()
    let name = ".\(destination.lastPathComponent).\(ProcessInfo.processInfo.processIdentifier).partial"
    let layout = DatasetLayout(parent.appendingPathComponent(name, isDirectory: true))
    try? FileManager.default.removeItem(at: layout.folder)
    try Self.makeFolder(layout.judgementsFolder, for: path)
    self.destination = destination
    self.layout = layout
  }

  /// The folder to make.
  ///
  /// - Throws: ``DatasetError`` when it exists and holds something.
  static func newFolder(_ path: String) throws -> URL {
    let destination = URL(fileURLWithPath: path, isDirectory: true)
    let existing = try? FileManager.default.contentsOfDirectory(atPath: path)
    if existing?.isEmpty == false || (existing == nil && FileManager.default.fileExists(atPath: path)) {
      throw DatasetError(
        Diagnosis(
          .conflict, "the output folder exists already", at: path, expected: "a new or an empty folder",
          hint: "choose another name, or remove it"))
    }
    return destination
  }

  static func makeFolder(_ folder: URL, for path: String) throws {
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw OperationError(
        Diagnosis(.environment, "cannot make the folder", at: path, found: error.localizedDescription.excerpt(120)))
    }
  }

  /// Gives the folder its name.
  public mutating func commit() throws {
    try Self.rename(layout, to: destination)
    isCommitted = true
  }

  static func rename(_ layout: DatasetLayout, to destination: URL) throws {
    // Only an empty qrels folder can be removed: a dataset without queries has none.
    rmdir(layout.judgementsFolder.path)
    // Replaces an empty folder; a folder that got content meanwhile makes it fail.
    guard Foundation.rename(layout.folder.path, destination.path) == 0 else {
      throw OperationError(
        Diagnosis(
          .environment, "cannot rename to the folder: \(String(cString: strerror(errno)))", at: destination.path))
    }
  }

  deinit {
    if !isCommitted { try? FileManager.default.removeItem(at: layout.folder) }
  }
}
