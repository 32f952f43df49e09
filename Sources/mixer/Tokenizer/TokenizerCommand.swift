import ArgumentParser

struct TokenizerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tokenizer",
    abstract: "Train a tokenizer, and look at one.",
    discussion: """
      Example:
        mixer tokenizer train --dataset stories --output tokenizer.model
      """,
    subcommands: [TokenizerTrainCommand.self, TokenizerInspectCommand.self])
}
