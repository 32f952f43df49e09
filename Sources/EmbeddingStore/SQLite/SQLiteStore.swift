internal import Foundation
internal import GRDB
public import Operations
internal import Synchronization

/// A store in one SQLite file.
///
/// **Durability.** Every call that writes is one transaction in SQLite's write-ahead log. A process killed at any
/// moment, or a power cut, leaves whole transactions; the last ones before a power cut may be missing.
///
/// **Processes.** One writer at a time, which holds a lock file beside the store (``WriterLock``) from opening to
/// ``close()``; any number of readers, which see the writer's changes as they are committed. A store may be used
/// from any thread.
///
/// **Checks.** The file's header is checked before SQLite opens it: a file that is foreign, newer or cut off is left
/// untouched. Vectors, documents and collections carry checksums, verified whenever they are read. After an unclean
/// end (a writing session that was not closed) the next opening runs the full check.
public final class SQLiteStore: DocumentStore {
  public enum Mode: Sendable {
    /// The file is never changed, but for the recovery after an unclean end where permissions allow that. Works on
    /// a read-only file or folder too.
    case readOnly
    /// For reading and writing; the file must exist.
    case readWrite
    /// For reading and writing; made where there is none.
    case create
  }

  /// The file's absolute path, without symbolic links.
  public let path: String
  public let mode: Mode
  /// In which form ``vectors(of:)`` gives vectors.
  public let scanPrecision: ScanPrecision

  let connections: DatabasePool
  /// What vectors(of:) keeps between calls, by collection name.
  let snapshots = Mutex<[String: VectorSnapshot]>([:])
  /// Held while vectors are loaded, so that two threads do not load the same ones.
  let loading = Mutex<Void>(())
  let frequencies = Mutex(TermFrequencies())
  private let use: OpenFiles.Use
  private let lock: WriterLock?
  /// Whether this session has put its mark into the store.
  private let isMarked = Atomic<Bool>(false)
  private let isClosed = Atomic<Bool>(false)
  private let frozen: FrozenFile?

  /// Opens a store.
  ///
  /// - Parameters:
  ///   - scanPrecision: in which form vectors are scanned; a reduced one needs less memory and time, and a scratch
  ///     file (``ScanPrecision``).
  ///   - waiting: how long to wait for another writer before giving up with a `busy` error; readers never wait.
  ///   - cancellation: ends the check after an unclean end.
  /// - Throws: ``StoreError``: `notFound`; `damaged` for a foreign or damaged file; `conflict` for a newer one;
  ///   `busy` where another process writes; `environment` where permissions or space are missing.
  public init(
    path givenPath: String, mode: Mode, scanPrecision: ScanPrecision = .float32,
    waiting: Duration = .milliseconds(500), cancellation: Cancellation? = nil
  ) throws {
    let path = try StorePath.resolve(givenPath)
    self.path = path
    self.mode = mode
    self.scanPrecision = scanPrecision
    // A file that is no store is refused before anything is put beside it.
    if mode != .create || StorePath.exists(path) { try StorePath.check(path) }
    lock = mode == .readOnly ? nil : try WriterLock(storePath: path, waiting: waiting)
    if mode == .create, !StorePath.exists(path) { try StoreCreation.create(at: path) }
    frozen = mode == .readOnly ? try FrozenFile.detect(path) : nil
    let address = frozen?.address ?? path
    let isReadOnly = mode == .readOnly
    (connections, use) = try OpenFiles.open(path) {
      _ = try FileHeader(checking: path)
    } open: {
      try StoreError.mapping(path) { try Connections.open(address, readOnly: isReadOnly) }
    }
    try checkSession(cancellation)
  }

  deinit { close() }

  /// Ends the session: the mark of an unclean end is taken away, the log is merged into the file, the right to write
  /// is given back. Nothing can be done with the store afterwards. Calling it again does nothing.
  public func close() {
    guard !isClosed.exchange(true, ordering: .acquiringAndReleasing) else { return }
    if isMarked.load(ordering: .acquiring) {
      // On a full disk the mark stays, and the next opening runs a check that could have been spared.
      try? connections.write { try SessionMark.clear($0) }
    }
    // Readers first: the last connection to close must be one that may merge and remove the log.
    connections.invalidateReadOnlyConnections()
    try? connections.close()
    use.end()
    lock?.release()
  }

  // MARK: - Transactions

  /// Runs `body` on one consistent state of the store.
  func read<Result>(_ body: (Database) throws -> Result) throws -> Result {
    try requireOpen()
    try frozen?.requireUnchanged(path)
    return try StoreError.mapping(path) { try connections.read(body) }
  }

  /// Runs `body` as one transaction. Transactions of several threads wait for each other.
  func write<Result>(_ body: (Database) throws -> Result) throws -> Result {
    try requireWritable()
    return try StoreError.mapping(path) {
      let result = try connections.write { db in
        try requireWritable()
        // In the same transaction as the first change, so that neither is ever there without the other.
        if !isMarked.load(ordering: .acquiring) { try SessionMark.set(db) }
        return try body(db)
      }
      isMarked.store(true, ordering: .releasing)
      return result
    }
  }

  /// Runs `body` as a transaction that leaves everything as it is: for checks that SQLite counts as writes.
  func inspect<Result>(_ body: (Database) throws -> Result) throws -> Result {
    try writeWithoutTransaction { db in
      try db.beginTransaction(.immediate)
      defer { try? db.rollback() }
      return try body(db)
    }
  }

  /// Runs `body` outside of a transaction, for what SQLite does only there. The caller has set the mark.
  func writeWithoutTransaction<Result>(_ body: (Database) throws -> Result) throws -> Result {
    try requireWritable()
    return try StoreError.mapping(path) { try connections.writeWithoutTransaction(body) }
  }

  private func requireOpen() throws {
    if isClosed.load(ordering: .acquiring) { throw StoreError(.failed, "the store is closed", at: path) }
  }

  private func requireWritable() throws {
    try requireOpen()
    guard mode != .readOnly else {
      throw StoreError(.failed, "the store was opened for reading only", at: path)
    }
  }

  // MARK: - Unclean ends

  private func checkSession(_ cancellation: Cancellation?) throws {
    guard try read(SessionMark.isSet) else { return }
    if mode == .readOnly {
      // A writer at work has set the mark, and takes it away itself.
      if WriterLock.isHeld(storePath: path) { return }
      if try recoverAsWriter(cancellation) { return }
    }
    try requireSound(try verify(cancellation: cancellation))
    if mode != .readOnly { isMarked.store(true, ordering: .releasing) }
  }

  /// Runs the check in a writing session of its own, which takes the mark away, so that not every reader has to.
  ///
  /// - Returns: false where this process may not write.
  private func recoverAsWriter(_ cancellation: Cancellation?) throws -> Bool {
    guard frozen == nil else { return false }
    do {
      try SQLiteStore(path: path, mode: .readWrite, waiting: .zero, cancellation: cancellation).close()
      return true
    } catch let error as StoreError where [.busy, .environment].contains(error.diagnosis.category) {
      return false
    }
  }

  private func requireSound(_ report: VerificationReport) throws {
    guard let first = report.problems.first else { return }
    let others = report.problems.count - 1
    throw StoreError.damaged(
      "the store was not closed properly and is damaged: \(first)" + (others > 0 ? ", and \(others) more" : ""),
      at: path)
  }
}

extension SQLiteStore {
  /// Whether `path` is a store that this program can read, without opening or changing it.
  public static func check(path: String) throws { try StorePath.check(try StorePath.resolve(path)) }
}
