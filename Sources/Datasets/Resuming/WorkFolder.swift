import Foundation
import Operations

/// A dataset folder that is made story by story and can be gone on with after an interruption.
///
/// The files grow in a hidden folder beside the destination, `.NAME.partial`. Every so often, and when the work is
/// interrupted, they are brought to the disk and a small journal beside them says how long each file then was, how many
/// stories had been read and what the stage knew (``State``). The same command on the same input cuts the files back to
/// those lengths and goes on; the result has the same bytes as one made without a break. ``commit()`` removes the
/// journal and gives the folder its name.
///
/// Memory: what is not yet written, at most 64 KiB a file.
final class WorkFolder<State: Codable> {
  let destination: URL
  /// Where the files lie until ``commit()``.
  let layout: DatasetLayout
  /// What the stage knew at the last checkpoint, or nil at a fresh start.
  let restored: (stories: Int, state: State)?

  /// Bytes written between two checkpoints.
  static var checkpointBytes: Int { 64 << 20 }

  private let identity: String?
  private let lock: Int32
  private var files: [String: AppendedFile] = [:]
  private var lengths: [String: Int] = [:]
  private var unsaved = 0
  private var isSettled = false

  private struct Journal: Codable {
    var identity: String
    var stories: Int
    var lengths: [String: Int]
    var state: State
  }

  /// - Parameters:
  ///   - identity: stands for the input and all settings; what another one began is begun anew. Nil: the input cannot
  ///     be read twice, so there is nothing to go on with.
  /// - Throws: ``DatasetError`` when the destination holds something or another process is making it, and
  ///   ``OperationError`` when the disk refuses.
  init(_ path: String, identity: String?) throws {
    destination = try DatasetFolderWriter.newFolder(path)
    layout = DatasetLayout(
      destination.deletingLastPathComponent()
        .appendingPathComponent(".\(destination.lastPathComponent).partial", isDirectory: true))
    self.identity = identity
    try DatasetFolderWriter.makeFolder(layout.judgementsFolder, for: path)
    lock = open(layout.folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
      close(lock)
      throw DatasetError(Diagnosis(.busy, "another process is making this folder", at: path))
    }
    let journal = (try? Data(contentsOf: Self.journalURL(layout)))
      .flatMap { try? JSONDecoder().decode(Journal.self, from: $0) }
    if let journal, let identity, journal.identity == identity, Self.holds(journal.lengths, in: layout) {
      restored = (journal.stories, journal.state)
      lengths = journal.lengths
      try Self.cutBack(to: lengths, in: layout)
    } else {
      restored = nil
      try Self.cutBack(to: [:], in: layout)
    }
  }

  deinit {
    if !isSettled { try? FileManager.default.removeItem(at: layout.folder) }
    close(lock)
  }

  /// Appends to a file of the folder, named by its path in it.
  func write(_ bytes: some Collection<UInt8>, to name: String) throws {
    unsaved += bytes.count
    try file(name).append(bytes)
  }

  /// Calls ``checkpoint(stories:state:)`` when enough has been written since the last one, and, once a stop was asked
  /// for, does it and ends the work.
  ///
  /// - Throws: ``DatasetError`` of the category `interrupted`.
  func step(stories: Int, state: @autoclosure () -> State, _ cancellation: Cancellation) throws {
    if cancellation.isRequested {
      guard identity != nil else { throw OperationError.interrupted }
      try checkpoint(stories: stories, state: state())
      isSettled = true
      throw DatasetError(
        Diagnosis(
          .interrupted, "interrupted after \(stories) stories", hint: "the same command goes on from there"))
    }
    if identity != nil, unsaved >= Self.checkpointBytes { try checkpoint(stories: stories, state: state()) }
  }

  private func checkpoint(stories: Int, state: State) throws {
    guard let identity else { return }
    for (name, file) in files { lengths[name] = try file.settle() }
    let journal = Journal(identity: identity, stories: stories, lengths: lengths, state: state)
    try AtomicFile.replace(Self.journalURL(layout), with: JSONEncoder().encode(journal))
    unsaved = 0
  }

  /// Gives the folder its name.
  ///
  /// - Parameter scratch: files that were only for going on.
  func commit(removing scratch: [String] = []) throws {
    for file in files.values { _ = try file.settle() }
    for name in scratch { unlink(url(name).path) }
    unlink(Self.journalURL(layout).path)
    try DatasetFolderWriter.rename(layout, to: destination)
    isSettled = true
  }

  private func file(_ name: String) throws -> AppendedFile {
    if let file = files[name] { return file }
    let file = try AppendedFile(url(name), length: lengths[name] ?? 0)
    files[name] = file
    return file
  }

  /// Where a file of the folder lies.
  func url(_ name: String) -> URL { layout.folder.appendingPathComponent(name) }

  private static func journalURL(_ layout: DatasetLayout) -> URL {
    layout.folder.appendingPathComponent("journal.json")
  }

  /// Whether every file is at least as long as it was.
  private static func holds(_ lengths: [String: Int], in layout: DatasetLayout) -> Bool {
    lengths.allSatisfy { name, length in
      let path = layout.folder.appendingPathComponent(name).path
      let size = (try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? Int
      return (size ?? 0) >= length
    }
  }

  /// Takes away what came after the checkpoint.
  private static func cutBack(to lengths: [String: Int], in layout: DatasetLayout) throws {
    for name in try FileManager.default.subpathsOfDirectory(atPath: layout.folder.path) {
      let url = layout.folder.appendingPathComponent(name)
      if let length = lengths[name] {
        _ = try AppendedFile(url, length: length)
      } else if url.path != layout.judgementsFolder.path, url.path != journalURL(layout).path {
        try FileManager.default.removeItem(at: url)
      }
    }
    if lengths.isEmpty { unlink(journalURL(layout).path) }
  }
}
