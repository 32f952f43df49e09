import ArgumentParser
import EmbeddingStore
import Operations

struct StoreVerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Check everything in a store that can be checked.",
    discussion: """
      Reads every page, checksum, vector and full-text entry. Exit code 1 when a problem is found.

      Example:
        mixer store verify --store stories.sqlite
      """)

  @OptionGroup var options: StoreOption
  @OptionGroup var json: JSONOption

  struct Report: Encodable {
    struct Collection: Encodable {
      let name: String
      let documents: Int
      /// Equal for stores of equal content, however they were made.
      let content: String

      enum CodingKeys: String, CodingKey {
        case name, documents
        case content = "content_sha256"
      }
    }

    let sound: Bool
    let documents: Int
    let vectors: Int
    let pages: Int
    let problems: [String]
    let collections: [Collection]
  }

  func run() throws {
    let cancellation = Cancellation()
    let trap = SignalTrap(cancellation)
    let report = try withExtendedLifetime(trap) {
      let store = try SQLiteStore(path: options.store, mode: .readOnly, cancellation: cancellation)
      let found = try store.verify(cancellation: cancellation)
      // Content that is damaged has no digest worth comparing.
      let collections = found.isSound ? try store.collections() : []
      return Report(
        sound: found.isSound, documents: found.documents, vectors: found.vectors, pages: found.pages,
        problems: found.problems,
        collections: try collections.map {
          Report.Collection(
            name: $0.name, documents: $0.documents, content: try ContentDigest(of: $0.name, in: store).hex)
        })
    }
    if json.isOn {
      try JSONOutput.print(report)
    } else {
      print(
        "\(report.sound ? "sound" : "DAMAGED"): \(report.documents.grouped) documents, \(report.vectors.grouped) vectors in \(report.pages.grouped) pages"
      )
      for collection in report.collections {
        print(
          "  \(collection.name): \(collection.documents.grouped) documents, content \(collection.content.prefix(16))")
      }
      for problem in report.problems { print("  \(problem.singleLine)") }
    }
    if !report.sound { throw ExitCode(ExitCodes.failed) }
  }
}
