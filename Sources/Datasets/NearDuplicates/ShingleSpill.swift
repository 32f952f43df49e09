import Foundation
import Operations

/// The shingles of every indexed document, kept on disk until a candidate pair has to be verified.
///
/// The file has no name: it disappears with the process, however that ends.
final class ShingleSpill {
  private let descriptor: Int32
  private let folder: String
  /// Where each document begins, in hashes; one more than there are documents.
  private var offsets: [UInt64] = [0]
  private var pending: [UInt32] = []
  private var written: UInt64 = 0

  private static let pendingLimit = 1 << 18

  /// - Throws: ``OperationError`` when the folder is not writable.
  init(folder: String) throws {
    self.folder = folder
    var template = Array(((folder as NSString).appendingPathComponent(".shingles.XXXXXX")).utf8CString)
    descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw Self.failure(folder, errno) }
    unlink(template)
  }

  deinit { close(descriptor) }

  var count: Int { offsets.count - 1 }

  func append(_ shingles: Shingles) throws {
    pending += shingles.hashes
    offsets.append(written + UInt64(pending.count))
    if pending.count >= Self.pendingLimit { try flush() }
  }

  func shingles(of document: Int) throws -> Shingles {
    let (start, end) = (offsets[document], offsets[document + 1])
    if start >= written {
      return Shingles(sorted: Array(pending[Int(start - written)..<Int(end - written)]))
    }
    let size = Int(end - start)
    let hashes = try [UInt32](unsafeUninitializedCapacity: size) { buffer, initialized in
      let bytes = UnsafeMutableRawBufferPointer(buffer)
      var done = 0
      while done < bytes.count {
        let read = pread(descriptor, bytes.baseAddress! + done, bytes.count - done, off_t(start) * 4 + off_t(done))
        if read < 0, errno == EINTR { continue }
        guard read > 0 else { throw Self.failure(folder, errno) }
        done += read
      }
      initialized = size
    }
    return Shingles(sorted: hashes)
  }

  private func flush() throws {
    try pending.withUnsafeBytes { bytes in
      var done = 0
      while done < bytes.count {
        let count = write(descriptor, bytes.baseAddress! + done, bytes.count - done)
        if count < 0, errno == EINTR { continue }
        guard count >= 0 else { throw Self.failure(folder, errno) }
        done += count
      }
    }
    written += UInt64(pending.count)
    pending.removeAll(keepingCapacity: true)
  }

  private static func failure(_ folder: String, _ code: Int32) -> OperationError {
    OperationError(
      Diagnosis(.environment, "cannot keep a temporary file: \(String(cString: strerror(code)))", at: folder))
  }
}
