import ArgumentParser
import EmbeddingStore
import Operations

struct StoreBackupCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup",
    abstract: "Copy a store while others read and write it; the copy is checked.",
    discussion: """
      Example:
        mixer store backup --store stories.sqlite --output backup.sqlite
      """)

  @OptionGroup var options: StoreOption
  @Option(help: ArgumentHelp("The copy.", valueName: "FILE.sqlite"))
  var output: String
  @Flag(help: "Replace an earlier copy of that name.")
  var replace = false
  @OptionGroup var json: JSONOption

  func run() throws {
    let cancellation = Cancellation()
    let trap = SignalTrap(cancellation)
    let progress = ProgressLine("backup", unit: "pages")
    try withExtendedLifetime(trap) {
      let store = try SQLiteStore(path: options.store, mode: .readOnly, cancellation: cancellation)
      try store.backup(to: output, replacing: replace, cancellation: cancellation) { done, total in
        progress.update(done: done, total: total)
      }
    }
    progress.finish()
    let info = try SQLiteStore(path: output, mode: .readOnly).info()
    if json.isOn { return try JSONOutput.print(info) }
    print("\(info.fileBytes.grouped) bytes to \(output)")
  }
}
