import Foundation
import Operations

/// Which files a corpus path stands for.
enum CorpusFiles {
  /// - Returns: the files in the order in which they are read: for a dataset folder its `corpus.jsonl`, for
  ///   another folder every file of a known kind below it, sorted by path, hidden ones left out.
  /// - Throws: ``DatasetError`` when the path is missing or a folder holds nothing to read.
  static func resolve(_ path: String) throws -> [String] {
    if path == ByteSource.standardInputPath { return [path] }
    var isFolder: ObjCBool = false
    guard !path.isEmpty, FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw DatasetError(
        Diagnosis(.notFound, "no such file or folder", at: path.isEmpty ? "the empty path" : path))
    }
    guard isFolder.boolValue else { return [path] }
    let corpus = DatasetLayout(path).corpus.path
    if FileManager.default.fileExists(atPath: corpus) { return [corpus] }
    if FileManager.default.fileExists(atPath: DatasetLayout(path).queries.path) {
      throw DatasetError(
        Diagnosis(.badInput, "the dataset has queries but no corpus.jsonl", at: path))
    }
    var files: [String] = []
    var visited: Set<String> = []
    try collect(path, into: &files, visited: &visited)
    if files.isEmpty {
      throw DatasetError(
        Diagnosis(
          .badInput, "the folder holds no stories", at: path,
          expected: "corpus.jsonl or files ending in "
            + StoryFormatDetection.extensions.sorted().map { ".\($0)" }.joined(separator: ", ")))
    }
    return files.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  private static func collect(_ folder: String, into files: inout [String], visited: inout Set<String>) throws {
    // A link that leads back up would never end.
    let real = URL(fileURLWithPath: folder).resolvingSymlinksInPath().path
    guard visited.insert(real).inserted else { return }
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: folder)
    } catch {
      throw DatasetError(Diagnosis(.badInput, "cannot read the folder", at: folder))
    }
    for name in names where !name.hasPrefix(".") {
      let path = (folder as NSString).appendingPathComponent(name)
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { continue }
      if isFolder.boolValue {
        try collect(path, into: &files, visited: &visited)
      } else if StoryFormatDetection.extensions.contains((name as NSString).pathExtension.lowercased()) {
        files.append(path)
      }
    }
  }
}
