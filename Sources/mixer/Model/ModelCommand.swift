import ArgumentParser

struct ModelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "model",
    abstract: "Look at, check and import models.",
    discussion: """
      Example:
        mixer model info Models/story-embedder-256
      """,
    subcommands: [ModelInfoCommand.self, ModelVerifyCommand.self, ModelImportCommand.self])
}
