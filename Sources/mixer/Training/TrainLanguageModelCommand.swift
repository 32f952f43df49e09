import ArgumentParser
import Checkpoints
import Mixers
import Training

struct TrainLanguageModelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "language-model",
    abstract: "Train a masked mixer to predict each next token.",
    discussion: """
      Examples:
        mixer train language-model --dataset Corpus/tinystories --tokenizer Models/masked-mixer-256/tokenizer.model --output lm
        mixer train language-model --dataset mine --dataset more.jsonl=0.5 --init Models/masked-mixer-256 --output lm

      A dataset folder's training split is learned and its dev split is measured; other corpora (whatever index reads) \
      are learned whole. Texts are packed without padding, so a batch costs what its tokens cost. A text longer than \
      the context is cut.
      """)

  @Option(
    help: ArgumentHelp(
      "What to learn: a dataset folder or a corpus, once or more; =W gives it a share of the tokens.",
      valueName: "PATH[=W]"))
  var dataset: [String]
  @Option(name: .customLong("init"), help: ArgumentHelp("The model to go on from.", valueName: "DIR"))
  var initial: String?
  @Option(help: ArgumentHelp("The tokenizer of a new model.", valueName: "FILE.model"))
  var tokenizer: String?
  @Option(help: "The width of a new model.")
  var hiddenSize = 256
  @Option(help: "The blocks of a new model.")
  var blocks = 8
  @Option(help: "The positions of a new model.")
  var contextLength = 512
  @Option(help: "What padding does in a new model: none or token.")
  var padding = Padding.none
  @Option(help: "The split of a dataset folder to learn.")
  var split = "train"
  @Option(help: "The split of the first dataset folder to measure on.")
  var devSplit = "dev"
  @Option(help: "The share of the first corpus that is held out where there is no such split.")
  var heldOut = 0.02
  @Flag(help: "Learn the split's queries as texts too.")
  var withQueries = false
  @Option(help: "Tokens of a step.")
  var batchTokens = 8192
  @Option(help: "The probability of dropout.")
  var dropout = 0.0
  @Option(help: ArgumentHelp("The folder of the model, its checkpoints and logs.", valueName: "DIR"))
  var output: String
  @OptionGroup var training: TrainingRunOptions

  func validate() throws {
    if initial == nil, tokenizer == nil { throw ValidationError("give --init or --tokenizer") }
    try TrainingRunOptions.require("--batch-tokens", batchTokens > 0, "at least 1")
    try TrainingRunOptions.require("--dropout", (0..<1).contains(dropout), "0 to below 1")
    try TrainingRunOptions.require("--held-out", (0..<1).contains(heldOut), "0 to below 1")
    for value in dataset { _ = try WeightedPath(value) }
  }

  func run() throws {
    var options = LanguageModelRun.Options()
    options.sources = try dataset.map {
      let value = try WeightedPath($0)
      return LanguageModelRun.Source(path: value.path, weight: value.weight ?? 1)
    }
    (options.split, options.developmentSplit, options.heldOutShare) = (split, devSplit, heldOut)
    (options.includesQueries, options.initial, options.batchTokens) = (withQueries, initial, batchTokens)
    options.dropout = dropout
    options.precision = try training.resolvedPrecision
    options.shape.hiddenSize = hiddenSize
    options.shape.blockCount = blocks
    options.shape.contextLength = contextLength
    options.shape.padding = padding
    options.shape.tokenizer = tokenizer
    let run = LanguageModelRun(options, seed: training.seed, threads: training.threads.count)
    let prepared = try run.prepare()
    let schedule = try training.options(rate: 1e-3, epochs: 6, decay: 0.01, settings: settings) {
      prepared.task.steps(epochs: $0)
    }
    try training.run(LanguageModelTask.self, output: output, totalSteps: schedule.totalSteps) {
      cancellation, progress in
      try run.run(
        prepared, schedule, output: ModelFolder(path: output), command: TrainingRunOptions.command,
        cancellation: cancellation, progress: progress)
    }
  }

  private var settings: [String: String] {
    [
      "--dataset": dataset.joined(separator: " "), "--init": initial ?? "none", "--tokenizer": tokenizer ?? "none",
      "--hidden-size": "\(hiddenSize)", "--blocks": "\(blocks)", "--context-length": "\(contextLength)",
      "--padding": padding.rawValue, "--split": split, "--dev-split": devSplit, "--held-out": "\(heldOut)",
      "--with-queries": "\(withQueries)", "--batch-tokens": "\(batchTokens)", "--dropout": "\(dropout)",
    ]
  }
}

/// `PATH` or `PATH=WEIGHT`.
struct WeightedPath {
  let path: String
  let weight: Double?

  init(_ text: String) throws {
    guard let mark = text.lastIndex(of: "="), let weight = Double(text[text.index(after: mark)...]) else {
      (path, weight) = (text, nil)
      return
    }
    guard weight > 0, weight.isFinite else { throw ValidationError("--dataset \(text): expected a weight above 0") }
    path = String(text[..<mark])
    self.weight = weight
  }
}
