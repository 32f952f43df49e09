import Foundation
import Operations

/// What an unfinished run has got so far: an append-only file in the dataset folder, one line an outcome, keyed by
/// the content hash of the story. Every line is on the disk before the next story counts as done: a killed run
/// loses nothing but the requests under way, and repeats nothing.
///
/// The first line names the model and the prompt; a line cut short by a crash is dropped when the file is opened.
final class SummaryJournal {
  static let fileName = "summaries.journal.jsonl"

  let path: String
  private(set) var outcomes: [String: SummaryOutcome] = [:]
  /// Outcomes that were there when the journal was opened.
  let recovered: Int
  private let descriptor: Int32

  /// Opens or creates the journal and locks it.
  ///
  /// - Parameter settings: what the outcomes depend on; another run's journal must have the same.
  /// - Throws: ``DatasetError`` when another process holds it, when it belongs to other settings, or naming a
  ///   damaged line.
  init(_ path: String, settings: [String: String]) throws {
    self.path = path
    descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw Self.failure(path, errno) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      throw DatasetError(Diagnosis(.busy, "another run is summarizing this dataset", at: path))
    }
    do {
      outcomes = try Self.recover(path, descriptor, settings)
    } catch {
      close(descriptor)
      throw error
    }
    recovered = outcomes.count
    if lseek(descriptor, 0, SEEK_END) == 0 {
      let fields = settings.sorted { $0.key < $1.key }
        .map { "\(JSONText.quoted($0.key)): \(JSONText.quoted($0.value))" }
      try append("{\"journal\": 1, \(fields.joined(separator: ", "))}\n")
    }
  }

  deinit { close(descriptor) }

  /// Adds an outcome and brings it to the disk.
  func record(_ outcome: SummaryOutcome, of hash: String) throws {
    precondition(outcomes[hash] == nil)
    let key = "\"hash\": \(JSONText.quoted(hash))"
    switch outcome {
    case .summary(let text): try append("{\(key), \"summary\": \(JSONText.quoted(text))}\n")
    case .reject(let reason, let answer):
      try append("{\(key), \"reject\": \(JSONText.quoted(reason)), \"answer\": \(JSONText.quoted(answer))}\n")
    }
    outcomes[hash] = outcome
  }

  /// Removes the file, whose outcomes are now elsewhere.
  func remove() { unlink(path) }

  private func append(_ line: String) throws {
    // One write a line: other readers and a kill see whole lines.
    let bytes = Array(line.utf8)
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress! + done, bytes.count - done) }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw Self.failure(path, errno) }
      done += count
    }
    guard fdatasync(descriptor) == 0 else { throw Self.failure(path, errno) }
  }

  private static func recover(
    _ path: String, _ descriptor: Int32, _ settings: [String: String]
  ) throws -> [String: SummaryOutcome] {
    try dropTornLine(path, descriptor)
    var outcomes: [String: SummaryOutcome] = [:]
    try LineFile.forEachRow(path) { row, place in
      if place.line == 1 {
        for (key, value) in settings where try row.text(key) != value {
          throw DatasetError(
            Diagnosis(
              .conflict, "the journal belongs to a run with another \(key)", at: path,
              expected: try row.text(key).excerpt(), found: value.excerpt(),
              hint: "finish that run, or remove the journal to begin anew"))
        }
        return
      }
      let hash = try row.text("hash")
      let outcome: SummaryOutcome
      if let summary = try row.optionalText("summary") {
        outcome = .summary(summary)
      } else {
        outcome = .reject(reason: try row.text("reject"), answer: try row.text("answer"))
      }
      guard outcomes.updateValue(outcome, forKey: hash) == nil else {
        throw DatasetError("the journal has two outcomes for one story", at: place)
      }
    }
    return outcomes
  }

  /// A line without its line feed was cut short; what it would have said is asked again.
  private static func dropTornLine(_ path: String, _ descriptor: Int32) throws {
    let size = lseek(descriptor, 0, SEEK_END)
    var end = size
    var byte: UInt8 = 0
    while end > 0, pread(descriptor, &byte, 1, end - 1) == 1, byte != UInt8(ascii: "\n") { end -= 1 }
    if end < size, ftruncate(descriptor, end) != 0 { throw failure(path, errno) }
  }

  private static func failure(_ path: String, _ code: Int32) -> OperationError {
    OperationError(
      Diagnosis(.environment, "cannot write the journal: \(String(cString: strerror(code)))", at: path))
  }
}
