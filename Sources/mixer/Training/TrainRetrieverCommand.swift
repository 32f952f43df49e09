import ArgumentParser
import Checkpoints
import Training

struct TrainRetrieverCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "retriever",
    abstract: "Train a retrieval mixer on cached embeddings.",
    discussion: """
      Example:
        mixer train retriever --embeddings train.safetensors --dev-embeddings dev.safetensors --output retriever

      Contexts of one query, its story and others are drawn anew each time. Embeddings are standardised; the figures \
      are stored with the model. Hard negatives are best what the first stage really returns (mixer dataset mine).
      """)

  @Option(
    help: ArgumentHelp(
      "Embedded pairs, as mixer embed --dataset writes them; may be repeated.", valueName: "FILE.safetensors"))
  var embeddings: [String]
  @Option(help: ArgumentHelp("Embedded pairs to measure on.", valueName: "FILE.safetensors"))
  var devEmbeddings: String?
  @Option(
    help: ArgumentHelp(
      "Embedded stories that are candidates beside those of the pairs, as mixer embed --input writes them.",
      valueName: "FILE.safetensors"))
  var stories: [String] = []
  @Option(help: ArgumentHelp("The same beside those of --dev-embeddings.", valueName: "FILE.safetensors"))
  var devStories: [String] = []
  @Option(name: .customLong("init"), help: ArgumentHelp("The retriever to go on from.", valueName: "DIR"))
  var initial: String?
  @Option(help: "The blocks of a new retriever.")
  var blocks = 8
  @Option(help: "The context width of a new retriever: the query and its candidates.")
  var width = 128
  @Option(
    help: """
      How a new retriever starts: broadcast (the query copied to all candidates), uniform (at random), or similarity \
      (as the cosine of its inputs, where embeddings were trained for that).
      """)
  var mixing = ModelInitialization.Mixing.broadcast
  @Flag(inversion: .prefixedNo, help: "Standardise the embeddings.")
  var standardize = true
  @Option(
    help: ArgumentHelp(
      "Hard negatives; those of development queries make contexts to measure on too.", valueName: "FILE.jsonl"))
  var negatives: [String] = []
  @Option(help: "The share of a context's candidates drawn from them.")
  var hardShare = 0.25
  @Option(help: "Train on the first so many pairs only, for a learning curve.")
  var limit: Int?
  @Option(help: "Contexts of a step.")
  var batch = 64
  @Option(help: "The probability of dropout.")
  var dropout = 0.0
  @Option(help: "Contexts drawn for each development query.")
  var trials = 2
  @Option(help: ArgumentHelp("The folder of the model, its checkpoints and logs.", valueName: "DIR"))
  var output: String
  @OptionGroup var training: TrainingRunOptions

  func validate() throws {
    try TrainingRunOptions.require("--blocks", blocks > 0, "at least 1")
    try TrainingRunOptions.require("--width", width > 2, "at least 3")
    try TrainingRunOptions.require("--hard-share", (0...1).contains(hardShare), "0 to 1")
    try TrainingRunOptions.require("--limit", limit.map { $0 > 1 } ?? true, "at least 2")
    try TrainingRunOptions.require("--batch", batch > 0, "at least 1")
    try TrainingRunOptions.require("--dropout", (0..<1).contains(dropout), "0 to below 1")
    try TrainingRunOptions.require("--trials", trials > 0, "at least 1")
  }

  func run() throws {
    var options = RetrieverRun.Options(embeddings: embeddings)
    (options.developmentEmbeddings, options.initial, options.negatives) = (devEmbeddings, initial, negatives)
    (options.stories, options.developmentStories) = (stories, devStories)
    (options.blockCount, options.contextWidth, options.mixing) = (blocks, width, mixing)
    options.standardizes = standardize
    options.task.batch = batch
    options.task.hardShare = negatives.isEmpty ? 0 : hardShare
    options.task.dropout = dropout
    options.task.precision = try training.resolvedPrecision
    options.task.evaluationTrials = trials
    options.task.seed = training.seed
    options.limit = limit
    let run = RetrieverRun(options, threads: training.threads.count)
    let prepared = try run.prepare()
    let schedule = try training.options(rate: 1e-3, epochs: 10, decay: 0.05, settings: settings) {
      prepared.task.steps(epochs: $0)
    }
    try training.run(RetrieverTask.self, output: output, totalSteps: schedule.totalSteps) { cancellation, progress in
      try run.run(
        prepared, schedule, output: ModelFolder(path: output), command: TrainingRunOptions.command,
        cancellation: cancellation, progress: progress)
    }
  }

  private var settings: [String: String] {
    [
      "--embeddings": embeddings.joined(separator: " "), "--stories": stories.joined(separator: " "),
      "--dev-stories": devStories.joined(separator: " "), "--dev-embeddings": devEmbeddings ?? "none",
      "--init": initial ?? "none",
      "--blocks": "\(blocks)", "--width": "\(width)", "--mixing": mixing.rawValue, "--standardize": "\(standardize)",
      "--negatives": negatives.joined(separator: " "), "--hard-share": "\(hardShare)", "--batch": "\(batch)",
      "--limit": limit.map(String.init) ?? "none",
      "--dropout": "\(dropout)", "--trials": "\(trials)",
    ]
  }
}
