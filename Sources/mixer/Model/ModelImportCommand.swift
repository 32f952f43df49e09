import ArgumentParser
import Checkpoints
import Foundation
import Mixers
import Operations

struct ModelImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Make a model folder of a published checkpoint.",
    discussion: """
      Flat, kernel-1 masked mixers and retrieval mixers are read; their sizes follow from the file. The tokenizer of a \
      masked mixer is supplied as a SentencePiece model.

      Example:
        mixer model import --checkpoint model.safetensors --tokenizer tokenizer.model --output Models/imported
      """)

  @Option(help: ArgumentHelp("The checkpoint.", valueName: "FILE.safetensors"))
  var checkpoint: String
  @Option(help: ArgumentHelp("A masked mixer's tokenizer.", valueName: "FILE.model"))
  var tokenizer: String?
  @Option(help: ArgumentHelp("The model folder to make.", valueName: "DIR"))
  var output: String
  @Option(help: "What padded positions do: token (the paper's) or none.")
  var padding = Padding.token.rawValue
  @Option(help: "The token that pads.")
  var padTokenID: Int32 = 2
  @Flag(name: .customLong("append-eos"), help: "The model was trained with an end-of-text token after each text.")
  var appendsEndOfText = false
  @OptionGroup var json: JSONOption

  func run() throws {
    guard let padding = Padding(rawValue: padding) else {
      throw ValidationError("--padding: expected token or none, found \"\(padding.excerpt())\"")
    }
    let checkpointImport = try CheckpointImport(
      path: checkpoint, padTokenID: padTokenID, padding: padding, appendsEndOfText: appendsEndOfText)
    if case .maskedMixer = checkpointImport.model, tokenizer == nil {
      throw ValidationError("--tokenizer: a masked mixer needs its SentencePiece model")
    }
    let folder = ModelFolder(path: output)
    try checkpointImport.write(
      to: folder, tokenizer: tokenizer.map { URL(fileURLWithPath: $0) },
      card:
        "# \(folder.url.lastPathComponent)\n\nImported from `\(URL(fileURLWithPath: checkpoint).lastPathComponent)`.\n")
    let report = try ModelReport(folder)
    if json.isOn { return try JSONOutput.print(report) }
    print("\(report.architecture) of \(report.parameters.grouped) parameters to \(output)")
  }
}
