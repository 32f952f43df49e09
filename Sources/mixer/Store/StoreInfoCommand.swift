import ArgumentParser
import EmbeddingStore
import Operations

struct StoreInfoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info",
    abstract: "Say what a store holds: collections, models, sizes.",
    discussion: """
      Example:
        mixer store info --store stories.sqlite
      """)

  @OptionGroup var options: StoreOption
  @OptionGroup var json: JSONOption

  func run() throws {
    let info = try SQLiteStore(path: options.store, mode: .readOnly).info()
    if json.isOn { return try JSONOutput.print(info) }
    print("\(info.path)  format \(info.format), SQLite \(info.sqlite)")
    print(
      "  \(info.fileBytes.grouped) bytes, \(info.logBytes.grouped) in the log, \(info.freeBytes.grouped) free inside")
    for collection in info.collections {
      print(
        "  \(collection.name): \(collection.documents.grouped) documents of \(collection.dimension) × \(collection.precision), "
          + "model \(collection.fingerprint.prefix(12))")
    }
  }
}
