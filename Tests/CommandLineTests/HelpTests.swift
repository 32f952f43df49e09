import Foundation
import Testing

@Suite struct HelpTests {
  /// A command as `--experimental-dump-help` describes it.
  private struct Command: Decodable {
    struct Dump: Decodable { var command: Command }

    var commandName: String
    var subcommands: [Command]?

    /// This command and all below it, as one types them, and whether each does something itself.
    func all(below path: [String] = []) -> [(words: [String], isLeaf: Bool)] {
      let path = path + [commandName]
      return [(path, subcommands == nil)] + (subcommands ?? []).flatMap { $0.all(below: path) }
    }
  }

  @Test func everyCommandShowsAnExampleOfItself() throws {
    let dump = try MixerProcess.run(["--experimental-dump-help"]).output
    let commands = try JSONDecoder().decode(Command.Dump.self, from: Data(dump.utf8)).command.all()
    #expect(commands.count > 20 && commands.contains { $0.words == ["mixer", "query"] && $0.isLeaf })
    for (words, isLeaf) in commands where words != ["mixer", "help"] {
      let help = try MixerProcess.run(words.dropFirst() + ["--help"])
      #expect(help.exitStatus == 0 && help.errors.isEmpty)
      #expect(help.output.contains("Example"), "\(words)")
      if isLeaf { #expect(help.output.contains("\n  \(words.joined(separator: " ")) "), "\(words)") }
    }
  }
}
