import ArgumentParser
import Tensors
import Training

struct TrainProjectionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "projection",
    abstract: "Train the learned first stage and store it with a retriever.",
    discussion: """
      Example:
        mixer train projection --embeddings train.safetensors --dev-embeddings dev.safetensors --retriever retriever

      A small training: it is computed in float32, whatever --precision says.
      """)

  @Option(help: ArgumentHelp("Embedded pairs, as mixer embed --dataset writes them.", valueName: "FILE.safetensors"))
  var embeddings: String
  @Option(help: ArgumentHelp("Embedded pairs to measure on.", valueName: "FILE.safetensors"))
  var devEmbeddings: String?
  @Option(help: ArgumentHelp("The retriever that gets the projection.", valueName: "DIR"))
  var retriever: String
  @Option(help: "The width of the common space (default: the embeddings').")
  var width: Int?
  @Option(help: "Pairs of a step.")
  var batch = 1024
  @Option(help: "The temperature at the start; it is learned.")
  var temperature = 0.05
  @Option(
    help: ArgumentHelp("The folder of checkpoints and logs (default: projection in the retriever's).", valueName: "DIR")
  )
  var output: String?
  @OptionGroup var training: TrainingRunOptions

  func validate() throws {
    try TrainingRunOptions.require("--width", width.map { $0 > 0 } ?? true, "at least 1")
    try TrainingRunOptions.require("--batch", batch > 1, "at least 2")
    try TrainingRunOptions.require("--temperature", temperature > 0.01 && temperature <= 1, "above 0.01, at most 1")
  }

  func run() throws {
    var options = ProjectionRun.Options(embeddings: embeddings, retriever: retriever)
    options.developmentEmbeddings = devEmbeddings
    options.task.width = width
    options.task.batch = batch
    options.task.initialTemperature = temperature
    options.task.seed = training.seed
    let run = ProjectionRun(options)
    let prepared = try run.prepare()
    var schedule = try training.options(rate: 1e-3, epochs: 30, decay: 0.01, settings: settings) {
      prepared.task.steps(epochs: $0)
    }
    schedule.precision = .float32
    let folder = output ?? "\(retriever)/projection"
    try training.run(ProjectionTask.self, output: retriever, totalSteps: schedule.totalSteps) {
      cancellation, progress in
      try run.run(
        prepared, schedule, output: TrainingFolder(path: folder), command: TrainingRunOptions.command,
        cancellation: cancellation, progress: progress)
    }
  }

  private var settings: [String: String] {
    [
      "--embeddings": embeddings, "--dev-embeddings": devEmbeddings ?? "none", "--retriever": retriever,
      "--width": width.map(String.init) ?? "none", "--batch": "\(batch)", "--temperature": "\(temperature)",
    ]
  }
}
