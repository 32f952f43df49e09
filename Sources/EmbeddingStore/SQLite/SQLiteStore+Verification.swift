internal import GRDB
public import Operations

extension SQLiteStore {
  /// Checks SQLite's structures and references, every checksum (vector pages, documents, texts, collections), that
  /// all values are finite, that slots, documents and counts agree, and that the full-text index fits the texts.
  ///
  /// A store that is open for writing is locked for other transactions of this process meanwhile; readers go on.
  public func verify(cancellation: Cancellation?) throws -> VerificationReport {
    func run(_ db: Database) throws -> VerificationReport {
      let verifier = StoreVerifier(db, path, isWritable: mode != .readOnly, cancellation)
      try verifier.run()
      return verifier.report
    }
    do {
      return mode == .readOnly ? try read(run) : try inspect(run)
    } catch let error as StoreError where error.diagnosis.category == .damaged {
      // So damaged that the check itself could not go on.
      var report = VerificationReport()
      report.add(error.diagnosis.what)
      return report
    }
  }
}
