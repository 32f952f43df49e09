internal import GRDB
internal import Operations

/// The one place where SQLite's errors become ours.
extension StoreError {
  /// - Parameter path: the file that the work was on.
  static func mapping<Result>(_ path: String, _ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as DatabaseError {
      throw StoreError(error, path)
    } catch is UnexpectedValue {
      throw StoreError.damaged("a stored value has an impossible type", at: path)
    }
  }

  private init(_ error: DatabaseError, _ path: String) {
    let detail = error.message ?? "SQLite error \(error.extendedResultCode.rawValue)"
    switch error.resultCode {
    case .SQLITE_FULL: self = .full(path)
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      self.init(.busy, "another process holds the store", at: path, hint: "try again")
    case .SQLITE_CORRUPT, .SQLITE_NOTADB: self = .damaged("the store is damaged", at: path)
    case .SQLITE_IOERR: self.init(ioError: error.extendedResultCode, path)
    case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_READONLY, .SQLITE_AUTH:
      self.init(
        .environment, "the store cannot be opened or written: \(detail)", at: path,
        hint: "check the permissions of the file and its folder, and the space left")
    case .SQLITE_NOMEM: self.init(.environment, "out of memory", at: path)
    case .SQLITE_TOOBIG: self.init(.badInput, "a value is too large to be stored", at: path)
    case .SQLITE_CONSTRAINT: self.init(constraint: error.extendedResultCode, detail, path)
    case .SQLITE_MISUSE: self.init(.failed, "the store is closed", at: path)
    case .SQLITE_ERROR, .SQLITE_SCHEMA, .SQLITE_MISMATCH, .SQLITE_FORMAT, .SQLITE_RANGE:
      // Our statements are the same every time: where one fails, the tables are not ours, or the library lacks FTS5.
      let isLibrary = detail.contains("no such module") || detail.contains("no such function")
      self =
        isLibrary
        ? StoreError(
          .environment, "the SQLite library lacks what is needed: \(detail)", at: path,
          hint: "install SQLite 3.37 or newer with FTS5")
        : .damaged("the store's tables are damaged: \(detail)", at: path)
    case .SQLITE_INTERRUPT, .SQLITE_ABORT: self.init(.interrupted, "interrupted", at: path)
    default: self.init(.failed, detail, at: path)
    }
  }

  private static func full(_ path: String) -> StoreError {
    StoreError(
      .environment, "no space left on the disk", at: path,
      hint: "what was stored before is whole; free some space and run again")
  }

  private init(ioError code: ResultCode, _ path: String) {
    switch code {
    // Where there is no room left for the index of the log, SQLite reports these instead of "full".
    case .SQLITE_IOERR_SHMSIZE, .SQLITE_IOERR_SHMOPEN, .SQLITE_IOERR_SHMMAP: self = .full(path)
    case .SQLITE_IOERR_SHORT_READ: self = .damaged("the file is shorter than it should be", at: path)
    default:
      self.init(
        .environment, "the disk failed to read or write (SQLite error \(code.rawValue))", at: path,
        hint: "look at the system's log; what was stored before is whole unless the disk lost it")
    }
  }

  private init(constraint code: ResultCode, _ detail: String, _ path: String) {
    if code == .SQLITE_CONSTRAINT_CHECK, detail.contains("json_valid") {
      self.init(.badInput, "a document's metadata is no JSON object", at: path)
    } else {
      self = .damaged("the store contradicts itself: \(detail)", at: path)
    }
  }
}
