public import Checkpoints
internal import Datasets
internal import Foundation
internal import Mixers
public import Operations
internal import Tensors

/// A whole training of a retrieval mixer, from cached embeddings to a model folder.
public struct RetrieverRun {
  public struct Options: Sendable {
    /// One file or several.
    public var embeddings: [String]
    public var developmentEmbeddings: String?
    /// Files of embedded stories that are candidates beside those of the pairs.
    public var stories: [String] = []
    /// The same for development: what a search would really find.
    public var developmentStories: [String] = []
    /// Only the first so many pairs, for a learning curve.
    public var limit: Int?
    /// A retriever to go on from; otherwise one of the shape below is made.
    public var initial: String?
    public var blockCount = 8
    public var contextWidth = 128
    public var mixing = ModelInitialization.Mixing.broadcast
    /// Whether embeddings are standardised; the figures are stored with the model.
    public var standardizes = true
    /// Files of hard negatives.
    public var negatives: [String] = []
    public var task = RetrieverTask.Options()

    public init(embeddings: [String]) { self.embeddings = embeddings }
  }

  public struct Prepared {
    public var task: RetrieverTask
    let configuration: RetrievalMixerConfiguration
    let inputs: RetrievalInputs
    let projection: Projection?
    let data: [String]
  }

  private let options: Options
  private let threads: Int

  public init(_ options: Options, threads: Int) {
    self.options = options
    self.threads = threads
  }

  /// Reads embeddings, negatives and the initial model.
  ///
  /// - Throws: `CheckpointError`, `DatasetError`, `MixersError` or ``TrainingError``.
  public func prepare() throws -> Prepared {
    let all = try EmbeddingPairs(paths: options.embeddings, stories: options.stories, split: "train")
    let pairs = options.limit.map { all.prefix($0) } ?? all
    let development = try options.developmentEmbeddings.map {
      try EmbeddingPairs(paths: [$0], stories: options.developmentStories, split: "test")
    }
    if let development, let own = pairs.fingerprint, let other = development.fingerprint, own != other {
      throw TrainingError(
        .conflict, "the development embeddings come from another model", at: options.developmentEmbeddings,
        expected: String(own.prefix(12)), found: String(other.prefix(12)))
    }
    let (configuration, parameters, inputs, projection) = try model(pairs)
    var task = options.task
    task.hardNegatives = try HardNegatives.byQuery(reading: options.negatives)
    return Prepared(
      task: try RetrieverTask(
        configuration, parameters: parameters, inputs: inputs, pairs: pairs, development: development, options: task,
        threads: threads),
      configuration: configuration, inputs: inputs, projection: projection,
      data: try options.embeddings.map { "\($0) (SHA-256 \(try DataFingerprint.of($0))…): embedded pairs" }
        + options.stories.map { "\($0) (SHA-256 \(try DataFingerprint.of($0))…): more embedded stories" }
        + ["\(pairs.count.grouped) pairs in all"])
  }

  /// Trains and writes the model folder.
  public func run(
    _ prepared: Prepared, _ training: TrainingOptions, output: ModelFolder, command: String,
    cancellation: Cancellation? = nil, progress: (TrainingLoop<RetrieverTask>.Progress) -> Void = { _ in }
  ) throws -> TrainingLoop<RetrieverTask>.Summary {
    var loop = try TrainingLoop(prepared.task, options: training, folder: TrainingFolder(output.url))
    let summary = try loop.run(cancellation: cancellation, progress: progress)
    let configuration = prepared.configuration
    try output.writeConfiguration(configuration)
    let model = try RetrievalMixer(
      configuration, parameters: loop.task.parameters, inputs: prepared.inputs, projection: prepared.projection)
    try model.writeParameters(to: output)
    try ModelCard(
      title: output.url.lastPathComponent,
      summary: "A bidirectional retrieval mixer (D \(configuration.hiddenSize), \(configuration.blockCount) blocks, "
        + "contexts of \(configuration.contextWidth)) over the embeddings of the masked mixer with fingerprint "
        + "\(configuration.maskedMixerFingerprint.map { String($0.prefix(12)) } ?? "(unknown)").",
      data: prepared.data, command: command, seed: options.task.seed, threads: threads,
      facts: [
        ("batch", "\(options.task.batch) contexts"), ("hard negatives", "\(options.task.hardShare) of the candidates"),
        ("started from", options.initial ?? "random weights, \(options.mixing.rawValue) start"),
        ("precision of the products", options.task.precision.resolved.rawValue),
      ]
    ).write(to: output, RunFigures(summary, baseline: loop.baseline))
    return summary
  }

  private func model(
    _ pairs: EmbeddingPairs
  ) throws -> (RetrievalMixerConfiguration, ParameterBuffer<Float>, RetrievalInputs, Projection?) {
    if let initial = options.initial {
      let model = try RetrievalMixer(ModelFolder(path: initial))
      if let known = model.configuration.maskedMixerFingerprint, let own = pairs.fingerprint, known != own {
        throw TrainingError(
          .conflict, "the retriever was trained on the embeddings of another model", at: initial,
          expected: String(known.prefix(12)), found: String(own.prefix(12)))
      }
      let parameters = ParameterBuffer<Float>(model.parameters.layout)
      parameters.storage.base.update(from: model.parameters.storage.base, count: parameters.layout.count)
      var configuration = model.configuration
      // The measured choice was another model's.
      (configuration.automaticMode, configuration.fusion) = (nil, nil)
      configuration.maskedMixerFingerprint = pairs.fingerprint ?? configuration.maskedMixerFingerprint
      return (configuration, parameters, model.inputs, model.projection)
    }
    var configuration = RetrievalMixerConfiguration(
      hiddenSize: pairs.width, blockCount: options.blockCount, contextWidth: options.contextWidth)
    configuration.maskedMixerFingerprint = pairs.fingerprint
    let seed = options.task.seed
    if options.mixing == .similarity {
      guard options.standardizes, options.blockCount >= 2, pairs.width % 2 == 0 else {
        throw TrainingError(
          .badInput, "a retriever cannot start as a similarity like this",
          expected: "standardised embeddings of an even width and at least 2 blocks",
          found: "width \(pairs.width), \(options.blockCount) blocks\(options.standardizes ? "" : ", as they are")")
      }
    }
    let parameters = try ModelInitialization.retrievalMixer(
      configuration, mixing: options.mixing, seed: Seeds.mixed(seed, 11))
    return (configuration, parameters, inputs(pairs, candidates: configuration.candidateCount), nil)
  }

  /// How the model reads its inputs: standardised by what the pairs are like, if so wished.
  func inputs(_ pairs: EmbeddingPairs, candidates: Int) -> RetrievalInputs {
    RetrievalInputs(
      width: pairs.width, fillers: fillers(pairs, candidates, options.task.seed),
      candidateStandardization: standardization(pairs.targets, pairs.width),
      queryStandardization: standardization(pairs.queries, pairs.width))
  }

  private func standardization(
    _ values: AlignedBuffer<Float>, _ width: Int
  ) -> RetrievalInputs.Standardization? {
    guard options.standardizes else { return nil }
    guard options.mixing == .similarity else { return InputStandardization.measure(values, width: width) }
    return SimilarityInitialization.inputScaling(values, width: width)
  }

  /// What stands in the free slots of a context that is not full: stories of the training data, so that the model meets
  /// there what it met in training.
  private func fillers(_ pairs: EmbeddingPairs, _ count: Int, _ seed: UInt64) -> [Float] {
    var generator = SeededGenerator(seed: Seeds.mixed(seed, 12))
    let rows =
      pairs.count >= count
      ? generator.distinct(count, below: pairs.count) : (0..<count).map { $0 % pairs.count }
    return rows.flatMap { UnsafeBufferPointer(start: pairs.targets.base + $0 * pairs.width, count: pairs.width) }
  }
}
