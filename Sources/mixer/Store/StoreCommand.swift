import ArgumentParser

struct StoreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "store",
    abstract: "Check, copy and look at a store.",
    discussion: """
      Example:
        mixer store verify --store stories.sqlite
      """,
    subcommands: [
      StoreVerifyCommand.self, StoreInfoCommand.self, StoreBackupCommand.self, StoreCompactCommand.self,
    ])
}

struct StoreOption: ParsableArguments {
  @Option(help: ArgumentHelp("The store.", valueName: "FILE.sqlite"))
  var store: String
}
