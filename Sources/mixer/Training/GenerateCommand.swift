import ArgumentParser
import Checkpoints
import Foundation
import Mixers
import Operations
import Tokenization

struct GenerateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate",
    abstract: "Continue a text with a language model.",
    discussion: """
      Examples:
        mixer generate --model Models/masked-mixer-256 "Once upon a time"
        mixer generate --model Models/masked-mixer-256 --length 120 --temperature 0.8 --seed 3 "Tom had a red kite."

      A text stands at the end of the model's window, so its length is planned ahead: --length counts the prompt and \
      the end, and the model closes the story towards it.
      """)

  @Option(help: ArgumentHelp("The masked mixer.", valueName: "DIR"))
  var model: String
  @Argument(help: "The text to continue.")
  var prompt: String
  @Option(help: "The planned length in tokens (default: 200, at most the context).")
  var length: Int?
  @Option(help: "Draw tokens at this temperature instead of taking the likeliest; 0 takes the likeliest.")
  var temperature = 0.0
  @Option(help: "Draw from that many likeliest tokens only.")
  var top: Int?
  @Option(help: "Draw from the likeliest tokens that hold this share of the probability.")
  var mass = 1.0
  @Option(help: "For drawing.")
  var seed: UInt64 = 0
  @OptionGroup var json: JSONOption

  func validate() throws {
    try TrainingRunOptions.require("--temperature", temperature >= 0 && temperature.isFinite, "0 or more")
    try TrainingRunOptions.require("--top", top.map { $0 > 0 } ?? true, "at least 1")
    try TrainingRunOptions.require("--mass", mass > 0 && mass <= 1, "above 0, at most 1")
    try TrainingRunOptions.require("--length", length.map { $0 > 1 } ?? true, "at least 2")
  }

  func run() throws {
    let folder = ModelFolder(path: model)
    let mixer = try MaskedMixer(folder)
    let tokenizer = try SentencePieceTokenizer(contentsOf: folder.tokenizerURL)
    let tokens = try tokenizer.encode(prompt)
    let context = mixer.configuration.contextLength
    var generation = try TextGeneration(
      mixer, prompt: tokens, length: length ?? min(context, max(200, tokens.count + 1)), endOfText: tokenizer.endOfText,
      choice: temperature > 0 ? .sampled(temperature: temperature, top: top, mass: mass) : .greedy, seed: seed)
    let cancellation = Cancellation()
    let trap = SignalTrap(cancellation)
    let start = ContinuousClock.now
    var printed = ""
    try withExtendedLifetime(trap) {
      if !json.isOn { show(try tokenizer.decode(tokens), &printed) }
      while generation.next() != nil {
        try cancellation.check()
        if !json.isOn { show(try tokenizer.decode(generation.tokens), &printed) }
      }
    }
    let text = try tokenizer.decode(generation.tokens)
    if json.isOn {
      return try JSONOutput.print(
        Report(
          prompt: prompt, text: text, tokens: generation.tokens.count, seconds: (ContinuousClock.now - start).seconds))
    }
    show(text, &printed, isLast: true)
    print("")
  }

  /// Writes what is new in `text`. A character whose bytes have not all come yet waits for the next token.
  private func show(_ text: String, _ printed: inout String, isLast: Bool = false) {
    var shown = text
    while !isLast, shown.last == "\u{FFFD}" { shown.removeLast() }
    guard shown.hasPrefix(printed) else { return }
    // A model's text must not move the cursor or change colours.
    let new = shown.dropFirst(printed.count).filter {
      $0 == "\n" || $0.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
    }
    FileHandle.standardOutput.write(Data(new.utf8))
    printed = shown
  }

  private struct Report: Encodable {
    var prompt: String
    var text: String
    var tokens: Int
    var seconds: Double
  }
}
