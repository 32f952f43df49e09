import ArgumentParser

/// The command line. Each subcommand lives in a file of its own and does nothing but read options, call the library
/// that does the work, and print.
@main
struct Mixer: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mixer",
    abstract: "Find a story from a sentence about it, with masked mixers.",
    discussion: """
      Example:
        mixer index --corpus Corpus/tinystories --store stories.sqlite
        mixer query --store stories.sqlite "A bird learns to share its nest."

      Exit codes: 0 fine, 1 failed, 2 bad usage or bad input, 130 interrupted.
      """,
    version: Version.current,
    subcommands: [
      IndexCommand.self, QueryCommand.self, EvaluateCommand.self, TuneCommand.self, ServeCommand.self,
      EmbedCommand.self,
      GenerateCommand.self, StoreCommand.self, ModelCommand.self, DatasetCommand.self, TokenizerCommand.self,
      TrainCommand.self,
    ])

  static func main() async {
    do {
      var command = try parseAsRoot()
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
    } catch {
      ExitCodes.exit(because: error)
    }
  }
}

enum Version {
  static let current = "0.1.0"
}
