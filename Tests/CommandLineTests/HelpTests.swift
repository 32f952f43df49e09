import Foundation
import Testing

@Suite struct HelpTests {
  /// A command as `--experimental-dump-help` describes it.
  private struct Command: Decodable {
    struct Dump: Decodable { var command: Command }

    var commandName: String
    var subcommands: [Command]?

    /// The commands that do something, as one types them.
    func leaves(below path: [String] = []) -> [[String]] {
      let path = path + [commandName]
      return subcommands?.flatMap { $0.leaves(below: path) } ?? [path]
    }
  }

  @Test func everyCommandShowsAnExampleOfItself() throws {
    let dump = try MixerProcess.run(["--experimental-dump-help"]).output
    let commands = try JSONDecoder().decode(Command.Dump.self, from: Data(dump.utf8)).command.leaves()
    #expect(commands.count > 20 && commands.contains(["mixer", "query"]))
    for command in commands where command != ["mixer", "help"] {
      let help = try MixerProcess.run(command.dropFirst() + ["--help"])
      #expect(help.exitStatus == 0 && help.errors.isEmpty)
      let example = "\n  \(command.joined(separator: " ")) "
      #expect(help.output.contains("Example") && help.output.contains(example), "\(command)")
    }
  }
}
