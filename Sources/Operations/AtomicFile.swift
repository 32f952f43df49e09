public import Foundation
internal import Synchronization

/// Writes a file under a temporary name beside its target and renames it when it is complete, so that a
/// reader sees the old file or the new one, never a half-written one.
public struct AtomicFile: ~Copyable {
  /// Where the finished file will lie.
  public let url: URL
  /// Where the bytes go until ``commit()``.
  public let temporaryURL: URL
  private let handle: FileHandle
  private var isCommitted = false
  /// Keeps two writers of one file in this process apart; the process id does it for different processes.
  private static let writers = Atomic<Int>(0)

  /// Opens the temporary file.
  ///
  /// - Throws: ``OperationError`` when the folder is missing or not writable.
  public init(_ url: URL) throws {
    self.url = url
    let writer = "\(ProcessInfo.processInfo.processIdentifier)-\(Self.writers.add(1, ordering: .relaxed).newValue)"
    temporaryURL = url.deletingLastPathComponent().appendingPathComponent(".\(url.lastPathComponent).\(writer).partial")
    let descriptor = open(temporaryURL.path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw Self.failure("cannot write", url, errno) }
    handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
  }

  /// - Throws: ``OperationError`` when the disk is full or fails.
  public func write(_ data: some DataProtocol) throws {
    for region in data.regions {
      try region.withUnsafeBytes { (bytes: UnsafeRawBufferPointer) throws in
        try write(bytes)
      }
    }
  }

  /// - Throws: ``OperationError`` when the disk is full or fails.
  public func write(_ bytes: UnsafeRawBufferPointer) throws {
    var rest = bytes
    while !rest.isEmpty {
      let written = Foundation.write(handle.fileDescriptor, rest.baseAddress, rest.count)
      if written < 0 {
        if errno == EINTR { continue }
        throw Self.failure("cannot write", url, errno)
      }
      rest = UnsafeRawBufferPointer(rebasing: rest[written...])
    }
  }

  /// - Throws: ``OperationError`` when the disk is full or fails.
  public func write(_ text: String) throws {
    try write(Data(text.utf8))
  }

  /// Flushes to the disk and gives the file its name.
  ///
  /// - Throws: ``OperationError``; the target is then as it was.
  public mutating func commit() throws {
    guard fsync(handle.fileDescriptor) == 0 else { throw Self.failure("cannot write", url, errno) }
    guard rename(temporaryURL.path, url.path) == 0 else { throw Self.failure("cannot rename to", url, errno) }
    isCommitted = true
    // The rename itself lives in the folder: without this, a power cut could still undo it.
    let folder = open(url.deletingLastPathComponent().path, O_RDONLY | O_CLOEXEC)
    if folder >= 0 {
      fsync(folder)
      close(folder)
    }
  }

  deinit {
    if !isCommitted { unlink(temporaryURL.path) }
  }

  private static func failure(_ what: String, _ url: URL, _ code: Int32) -> OperationError {
    let category: Diagnosis.Category = code == ENOENT || code == ENOTDIR ? .notFound : .environment
    return OperationError(Diagnosis(category, "\(what) the file: \(String(cString: strerror(code)))", at: url.path))
  }

  /// Writes `data` as the whole content of `url`.
  ///
  /// - Throws: ``OperationError``; what was there then stays as it was.
  public static func replace(_ url: URL, with data: some DataProtocol) throws {
    var file = try AtomicFile(url)
    try file.write(data)
    try file.commit()
  }
}
