internal import Checkpoints
internal import Foundation
internal import Mixers
public import Operations

/// A whole training of the first stage's projection, from cached embeddings into a retriever's folder.
public struct ProjectionRun {
  public struct Options: Sendable {
    public var embeddings: String
    public var developmentEmbeddings: String?
    /// The retriever that the projection is stored with.
    public var retriever: String
    public var task = ProjectionTask.Options()

    public init(embeddings: String, retriever: String) {
      self.embeddings = embeddings
      self.retriever = retriever
    }
  }

  public struct Prepared {
    public var task: ProjectionTask
    let retriever: RetrievalMixer
  }

  private let options: Options

  public init(_ options: Options) { self.options = options }

  /// - Throws: `CheckpointError`, `MixersError` or ``TrainingError``.
  public func prepare() throws -> Prepared {
    let pairs = try EmbeddingPairs(path: options.embeddings, split: "train")
    let development = try options.developmentEmbeddings.map { try EmbeddingPairs(path: $0, split: "test") }
    let retriever = try RetrievalMixer(ModelFolder(path: options.retriever))
    if let known = retriever.configuration.maskedMixerFingerprint, let own = pairs.fingerprint, known != own {
      throw TrainingError(
        .conflict, "the retriever is for the embeddings of another model", at: options.retriever,
        expected: String(known.prefix(12)), found: String(own.prefix(12)))
    }
    guard retriever.width == pairs.width else {
      throw TrainingError(
        .badInput, "the embeddings are of another width than the retriever's", at: options.embeddings,
        expected: "\(retriever.width)", found: "\(pairs.width)")
    }
    return Prepared(
      task: try ProjectionTask(pairs: pairs, development: development, options: options.task), retriever: retriever)
  }

  /// Trains and puts the projection into the retriever's `model.safetensors`; its card gets a section.
  ///
  /// - Parameter output: the folder of the run's checkpoints and logs.
  public func run(
    _ prepared: Prepared, _ training: TrainingOptions, output: TrainingFolder, command: String,
    cancellation: Cancellation? = nil, progress: (TrainingLoop<ProjectionTask>.Progress) -> Void = { _ in }
  ) throws -> TrainingLoop<ProjectionTask>.Summary {
    var loop = try TrainingLoop(prepared.task, options: training, folder: output)
    let summary = try loop.run(cancellation: cancellation, progress: progress)
    let old = prepared.retriever
    let folder = ModelFolder(path: options.retriever)
    try RetrievalMixer(
      old.configuration, parameters: old.parameters, inputs: old.inputs, projection: loop.task.projection
    ).writeParameters(to: folder)
    try appendToCard(folder, command, RunFigures(summary, baseline: loop.baseline))
    return summary
  }

  /// Replaces what an earlier projection wrote, from its heading to the end.
  private func appendToCard(_ folder: ModelFolder, _ command: String, _ figures: RunFigures) throws {
    let heading = "\n# Projection (first stage)\n"
    let card =
      FileManager.default.contents(atPath: folder.cardURL.path).map { String(decoding: $0, as: UTF8.self) } ?? ""
    let kept = card.range(of: heading).map { String(card[..<$0.lowerBound]) } ?? card
    let section = ModelCard(
      title: "Projection (first stage)",
      summary: "Linear maps of query and story embeddings into one space; cosine there.",
      data: ["\(options.embeddings) (SHA-256 \(try DataFingerprint.of(options.embeddings))…)"], command: command,
      seed: options.task.seed, threads: 1
    ).markdown(figures)
    try AtomicFile.replace(folder.cardURL, with: Data((kept + "\n" + section).utf8))
  }
}
