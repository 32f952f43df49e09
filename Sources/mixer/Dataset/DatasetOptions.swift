import ArgumentParser
import Foundation
import Operations
import Tokenization

struct DatasetOption: ParsableArguments {
  @Option(help: ArgumentHelp("A dataset folder (BEIR layout).", valueName: "DIR"))
  var dataset: String
}

/// How tokens are counted.
struct TokenCountOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Count tokens with this SentencePiece model (default: words and punctuation marks).", valueName: "FILE.model"))
  var tokenizer: String?

  func tokenCount() throws -> (@Sendable (String) throws -> Int)? {
    guard let tokenizer else { return nil }
    let model = try SentencePieceTokenizer(contentsOf: URL(fileURLWithPath: tokenizer))
    return { try model.encode($0).count }
  }
}

/// The case of that name, for an option of few words.
func choice<Choice: RawRepresentable<String> & CaseIterable>(_ name: String) throws -> Choice {
  guard let choice = Choice(rawValue: name) else {
    throw ValidationError(
      "expected \(Choice.allCases.map(\.rawValue).joined(separator: ", ")), found \(name.excerpt())")
  }
  return choice
}

/// Runs a long command: Ctrl-C asks it to stop, and a terminal shows how far it is.
func withProgress<Result>(
  _ label: String, unit: String = "bytes", total: Int? = nil,
  _ body: (Cancellation, ProgressLine) throws -> Result
) throws -> Result {
  let cancellation = Cancellation()
  let trap = SignalTrap(cancellation)
  let progress = ProgressLine(label, total: total, unit: unit)
  defer { progress.finish() }
  return try withExtendedLifetime(trap) { try body(cancellation, progress) }
}

extension Double {
  /// A share as a percentage with one decimal place.
  var percent: String { String(format: "%.1f %%", self * 100) }
}
