import ArgumentParser
import Checkpoints
import Training

struct TrainEmbedderCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "embedder",
    abstract: "Fine-tune a language model into an embedder: a query near its story, far from the others.",
    discussion: """
      Examples:
        mixer train embedder --model Models/masked-mixer-256 --dataset Corpus/tinystories --output embedder
        mixer train embedder --model lm --dataset Corpus/tinystories --pairs paraphrases=0.5 --batch 256 \\
          --negatives hard.jsonl --hard-negatives 1 --output embedder

      Each pair of a batch is every other pair's negative. A large batch needs no more memory than --memory: what does \
      not fit is computed twice.
      """)

  @Option(help: ArgumentHelp("The language model to start from.", valueName: "DIR"))
  var model: String
  @Option(help: ArgumentHelp("A dataset with queries; an epoch goes through it once.", valueName: "DIR[=W]"))
  var dataset: String
  @Option(help: ArgumentHelp("More datasets with queries; =W gives a share of the batches.", valueName: "DIR[=W]"))
  var pairs: [String] = []
  @Option(help: "The split to learn.")
  var split = "train"
  @Option(
    parsing: .upToNextOption, help: "The splits to measure on; the mean of their MRRs decides which weights are kept.")
  var devSplits = ["dev"]
  @Option(help: ArgumentHelp("Files of hard negatives.", valueName: "FILE.jsonl"))
  var negatives: [String] = []
  @Option(help: ArgumentHelp("Files of another model's embeddings of the texts, to resemble.", valueName: "FILE"))
  var teacher: [String] = []
  @Option(help: "What resembling the teacher counts beside telling the pairs apart.")
  var teacherWeight = 1.0
  @Option(help: "Hard negatives a pair.")
  var hardNegatives = 0
  @Option(help: "Train on the first so many pairs only, for a learning curve.")
  var limit: Int?
  @Option(help: "Pairs of a step.")
  var batch = 96
  @Option(help: "Pairs of a step that share a story, which is embedded once for all of them.")
  var queriesPerStory = 1
  @Option(help: "The share of a batch made of stories alone: a stretch of a story and the rest of it.")
  var selfSupervised = 0.0
  @Option(help: "Cut stories to that many tokens while training.")
  var storyTokens: Int?
  @Option(help: "The temperature at the start; it is learned.")
  var temperature = 0.05
  @Option(help: "The probability of dropout.")
  var dropout = 0.0
  @Option(help: "The probability that a token of a text is left out.")
  var tokenDropout = 0.0
  @Option(help: "The share of those stretches that are taken out of their story.")
  var removal = 0.9
  @Option(help: "MiB of activations that need not be computed twice.")
  var memory = 2048
  @Option(help: ArgumentHelp("The folder of the model, its checkpoints and logs.", valueName: "DIR"))
  var output: String
  @OptionGroup var training: TrainingRunOptions

  func validate() throws {
    try TrainingRunOptions.require("--limit", limit.map { $0 > 1 } ?? true, "at least 2")
    try TrainingRunOptions.require("--teacher-weight", teacherWeight > 0 && teacherWeight.isFinite, "above 0")
    try TrainingRunOptions.require("--batch", batch > 1, "at least 2")
    try TrainingRunOptions.require("--hard-negatives", hardNegatives >= 0, "0 or more")
    try TrainingRunOptions.require("--self-supervised", (0...1).contains(selfSupervised), "0 to 1")
    try TrainingRunOptions.require("--story-tokens", storyTokens.map { $0 > 2 } ?? true, "at least 3")
    try TrainingRunOptions.require("--temperature", temperature > 0.01 && temperature <= 1, "above 0.01, at most 1")
    try TrainingRunOptions.require("--dropout", (0..<1).contains(dropout), "0 to below 1")
    try TrainingRunOptions.require("--token-dropout", (0..<1).contains(tokenDropout), "0 to below 1")
    try TrainingRunOptions.require("--removal", (0...1).contains(removal), "0 to 1")
    try TrainingRunOptions.require(
      "--queries-per-story", (1...batch).contains(queriesPerStory), "1 to the pairs of a step")
    try TrainingRunOptions.require("--memory", memory > 0, "at least 1")
    for value in [dataset] + pairs { _ = try WeightedPath(value) }
  }

  func run() throws {
    var options = EmbedderRun.Options(model: model)
    options.datasets = try ([dataset] + pairs).map { try WeightedPath($0) }.map { ($0.path, $0.weight) }
    (options.split, options.developmentSplits, options.negatives) = (split, devSplits, negatives)
    (options.teacher, options.task.teacherWeight) = (teacher, teacherWeight)
    options.task.batch = batch
    options.task.hardNegatives = hardNegatives
    options.task.selfSupervisedShare = selfSupervised
    options.task.storyTokens = storyTokens
    options.task.initialTemperature = temperature
    options.task.dropout = dropout
    options.task.tokenDropout = tokenDropout
    options.task.queriesPerStory = queriesPerStory
    options.task.selfSupervision.removalShare = removal
    options.task.precision = try training.resolvedPrecision
    options.task.seed = training.seed
    options.task.activationBytes = memory << 20
    options.limit = limit
    let run = EmbedderRun(options, threads: training.threads.count)
    let prepared = try run.prepare()
    let schedule = try training.options(rate: 5e-4, epochs: 3, decay: 0.01, settings: settings) {
      prepared.task.steps(epochs: $0)
    }
    try training.run(EmbedderTask.self, output: output, totalSteps: schedule.totalSteps) { cancellation, progress in
      try run.run(
        prepared, schedule, output: ModelFolder(path: output), command: TrainingRunOptions.command,
        cancellation: cancellation, progress: progress)
    }
  }

  private var settings: [String: String] {
    [
      "--model": model, "--dataset": dataset, "--pairs": pairs.joined(separator: " "), "--split": split,
      "--dev-splits": devSplits.joined(separator: " "), "--negatives": negatives.joined(separator: " "),
      "--teacher": teacher.joined(separator: " "), "--teacher-weight": "\(teacherWeight)",
      "--hard-negatives": "\(hardNegatives)", "--batch": "\(batch)", "--limit": limit.map(String.init) ?? "none",
      "--self-supervised": "\(selfSupervised)",
      "--story-tokens": storyTokens.map(String.init) ?? "none", "--temperature": "\(temperature)",
      "--dropout": "\(dropout)", "--token-dropout": "\(tokenDropout)", "--removal": "\(removal)",
      "--queries-per-story": "\(queriesPerStory)",
    ]
  }
}
