import ArgumentParser
import Datasets
import Foundation
import Operations

struct TokenizerTrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a SentencePiece tokenizer on the stories of a dataset.",
    discussion: """
      Byte-pair encoding with byte fallback; 0 unknown, 1 beginning, 2 end, as the paper's.

      Example:
        mixer tokenizer train --dataset Corpus/tinystories --vocabulary 4096 --output tokenizer.model
      """)

  @OptionGroup var options: DatasetOption
  @Option(help: ArgumentHelp("The model file to write.", valueName: "FILE.model"))
  var output: String
  @Option(help: "Pieces, 256 bytes and 3 control pieces included.")
  var vocabulary = 4096
  @Option(help: "Sentences kept for training: a sample of the corpus beyond that.")
  var sentences = 1_000_000
  @Option(help: "Threads of the trainer.")
  var threads = 1
  @OptionGroup var json: JSONOption

  func validate() throws {
    if sentences < 1 { throw ValidationError("--sentences: expected at least 1, found \(sentences)") }
    if !(1...1024).contains(threads) { throw ValidationError("--threads: expected 1 to 1024, found \(threads)") }
  }

  func run() throws {
    var training = TokenizerTraining(vocabularySize: vocabulary)
    (training.sampledSentences, training.threads) = (sentences, threads)
    let dataset = try Dataset(options.dataset)
    let (model, report) = try withProgress("read stories") { cancellation, progress in
      try training.train(on: dataset, cancellation: cancellation) { progress.update(done: $0, total: $1) }
    }
    try AtomicFile.replace(URL(fileURLWithPath: output), with: model)
    if json.isOn { return try DatasetReportOutput.print(report) }
    print(
      "\(report.vocabularySize.grouped) pieces from \(report.sentences.grouped) sentences of "
        + "\(report.stories.grouped) stories in \(output)")
  }
}
