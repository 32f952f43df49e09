import ArgumentParser
import EmbeddingStore
import Operations

struct StoreCompactCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compact",
    abstract: "Give the space of deleted documents back.",
    discussion: """
      Example:
        mixer store compact --store stories.sqlite
      """)

  @OptionGroup var options: StoreOption
  @OptionGroup var json: JSONOption

  struct Report: Encodable {
    let before: Int
    let after: Int

    enum CodingKeys: String, CodingKey {
      case before = "bytes_before"
      case after = "bytes_after"
    }
  }

  func run() throws {
    let cancellation = Cancellation()
    let trap = SignalTrap(cancellation)
    let report = try withExtendedLifetime(trap) {
      let store = try SQLiteStore(path: options.store, mode: .readWrite, cancellation: cancellation)
      defer { store.close() }
      let before = try store.info()
      try store.compact(cancellation: cancellation)
      return Report(before: before.fileBytes + before.logBytes, after: try store.info().fileBytes)
    }
    if json.isOn { return try JSONOutput.print(report) }
    print("\(report.before.grouped) bytes before, \(report.after.grouped) after")
  }
}
