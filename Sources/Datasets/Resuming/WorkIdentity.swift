import Foundation

/// What an unfinished piece of work is recognised by: the settings, and which files it reads in which state.
enum WorkIdentity {
  /// - Parameters:
  ///   - stage: the command and everything that its result depends on.
  ///   - paths: files and folders; of a dataset folder the queries and judgements count too.
  /// - Returns: nil where standard input is among the paths, which cannot be read again.
  /// - Throws: ``DatasetError`` when a path is missing.
  static func of(_ stage: String, reading paths: [String]) throws -> String? {
    if paths.contains(ByteSource.standardInputPath) { return nil }
    var parts = ["1", stage]
    for path in paths {
      var files = try CorpusFiles.resolve(path)
      let layout = DatasetLayout(path)
      let splits = (try? FileManager.default.contentsOfDirectory(atPath: layout.judgementsFolder.path)) ?? []
      files += [layout.queries.path] + splits.sorted().map { layout.judgementsFolder.appendingPathComponent($0).path }
      for file in files {
        var status = stat()
        guard stat(file, &status) == 0 else { continue }
        let changed = "\(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)"
        parts.append("\(URL(fileURLWithPath: file).path) \(status.st_size) \(changed)")
      }
    }
    return parts.joined(separator: "\n")
  }
}
