import ArgumentParser
import Datasets
import Operations

struct DatasetDefinitionsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "definitions",
    abstract: "Make pairs of words and their definitions out of WordNet, to train an embedder's vocabulary.",
    discussion: """
      A query names synonyms and, where WordNet has one, an example; the "story" is the definition. Names and the rarest \
      words are left out.

      Example:
        mixer dataset definitions --output definitions
      """)

  @Option(help: ArgumentHelp("A new dataset folder.", valueName: "DIR"))
  var output: String
  @Option(help: ArgumentHelp("WordNet's database files (Debian's wordnet-base).", valueName: "DIR"))
  var wordnet = WordNet.defaultFolder
  @OptionGroup var json: JSONOption

  func run() throws {
    let wordNet = try WordNet(folder: wordnet)
    let report = try withProgress("definitions") { cancellation, _ in
      try DefinitionPairs().write(wordNet, to: output, cancellation: cancellation)
    }
    if json.isOn { return try DatasetReportOutput.print(report) }
    print("\(report.pairs.grouped) pairs in \(output), \(report.leftOut.grouped) synsets left out")
  }
}
