import ArgumentParser
import Datasets
import Foundation
import Operations
import Tokenization

struct TokenizerInspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Show how a tokenizer cuts texts, and whether a corpus survives encoding and decoding.",
    discussion: """
      A text or story that changes is a failure (exit code 1).

      Examples:
        mixer tokenizer inspect --model tokenizer.model "Once upon a time, there was a bear."
        mixer tokenizer inspect --model tokenizer.model --dataset Corpus/tinystories --json
      """)

  @Option(help: ArgumentHelp("A SentencePiece model.", valueName: "FILE.model"))
  var model: String
  @Option(help: ArgumentHelp("Also encode and decode every story of this dataset.", valueName: "DIR"))
  var dataset: String?
  @OptionGroup var json: JSONOption
  @Argument(help: "A text to cut.")
  var text: String?

  private struct Output: Encodable {
    struct Cut: Encodable {
      var text: String
      var ids: [Int32]
      var pieces: [String]
      var decoded: String
      var isRoundTrip: Bool
    }

    var vocabularySize: Int
    var unknown: Int32
    var beginningOfText: Int32?
    var endOfText: Int32?
    var cut: Cut?
    var corpus: TokenizerInspection?

    /// What does not survive encoding and decoding.
    var failure: String? {
      if cut?.isRoundTrip == false { return "the text changes in encoding and decoding" }
      guard let corpus, corpus.roundTrips < corpus.stories else { return nil }
      return "\((corpus.stories - corpus.roundTrips).grouped) stories change in encoding and decoding"
    }
  }

  func run() throws {
    let tokenizer = try SentencePieceTokenizer(contentsOf: URL(fileURLWithPath: model))
    var output = Output(
      vocabularySize: tokenizer.vocabularySize, unknown: tokenizer.unknown,
      beginningOfText: tokenizer.beginningOfText, endOfText: tokenizer.endOfText)
    if let text {
      let ids = try tokenizer.encode(text)
      let decoded = try tokenizer.decode(ids)
      output.cut = Output.Cut(
        text: text, ids: ids, pieces: ids.map { tokenizer.piece($0) }, decoded: decoded,
        isRoundTrip: decoded.utf8.elementsEqual(text.utf8))
    }
    if let dataset {
      let dataset = try Dataset(dataset)
      output.corpus = try withProgress("inspect") { cancellation, progress in
        try TokenizerInspection(of: tokenizer, on: dataset, cancellation: cancellation) {
          progress.update(done: $0, total: $1)
        }
      }
    }
    if json.isOn { try DatasetReportOutput.print(output) } else { show(output) }
    if let failure = output.failure { throw DatasetError(Diagnosis(.failed, failure, at: model)) }
  }

  private func show(_ output: Output) {
    func id(_ value: Int32?) -> String { value.map(String.init) ?? "none" }
    print(
      "\(output.vocabularySize.grouped) pieces; unknown \(output.unknown), beginning \(id(output.beginningOfText)), "
        + "end \(id(output.endOfText))")
    if let cut = output.cut {
      print(
        "\(cut.ids.count) tokens: " + zip(cut.pieces, cut.ids).map { "\($0.singleLine)·\($1)" }.joined(separator: " "))
      print(cut.isRoundTrip ? "decodes to the same text" : "decodes to: \(cut.decoded.singleLine)")
    }
    if let corpus = output.corpus {
      print(
        "\(corpus.stories.grouped) stories: \(String(format: "%.2f", corpus.charactersPerToken)) characters a token, "
          + "\(String(format: "%.1f", corpus.tokensPerStory)) tokens a story")
      print(
        "  \(corpus.unknownTokens.grouped) unknown, \(corpus.byteTokens.grouped) single bytes; "
          + "\(corpus.piecesUsed.grouped) of \(output.vocabularySize.grouped) pieces used")
      let lost = corpus.stories - corpus.roundTrips
      print(
        lost == 0
          ? "  every story survives encoding and decoding"
          : "  \(lost.grouped) stories change in encoding and decoding, the first at \(corpus.firstLoss ?? "?")")
    }
  }
}
