public import Datasets
public import Mixers
internal import Operations
public import Tensors

/// Training of a retrieval mixer on cached embeddings: contexts of one query, its story and C − 2 others are drawn on
/// the fly (Algorithm 1 of the paper), and the loss is the cross-entropy over the C − 1 scores.
public struct RetrieverTask: TrainingTask {
  public static var kind: String { "retriever" }
  public static var unit: String { "contexts" }

  public struct Options: Sendable {
    /// Contexts of a step.
    public var batch = 64
    /// Stories that are close but wrong, by query id.
    public var hardNegatives: [String: [String]] = [:]
    /// The share of a context's candidates drawn from them.
    public var hardShare = 0.0
    public var dropout = 0.0
    public var seed: UInt64 = 0
    /// Contexts that a worker computes at a time.
    public var packContexts = 8
    /// Of the products in training.
    public var precision = Precision.float32
    /// Contexts drawn for each development query.
    public var evaluationTrials = 2

    public init() {}
  }

  public let parameters: ParameterBuffer<Float>
  public let gradients: WorkerGradients<Float>
  public var sampler: ContextSampler.State {
    get { contexts.state }
    set { contexts.restore(newValue) }
  }

  private let model: RetrievalMixerTraining<Float>
  private let workers: [(tape: MixerTape<Float>, scratch: MixerScratch<Float>)]
  private let weights: StepWeights<Float>
  private let training: Source
  private let development: Development?
  private let options: Options
  private var contexts: ContextSampler

  /// Standardised embeddings, with what is needed to name the pairs.
  private struct Source: Sendable {
    let queries: AlignedBuffer<Float>
    let targets: AlignedBuffer<Float>
    let ids: [String]

    init(_ pairs: EmbeddingPairs, _ inputs: RetrievalInputs) {
      queries = InputStandardization.apply(inputs.queryStandardization, to: pairs.queries, width: pairs.width)
      targets = InputStandardization.apply(inputs.candidateStandardization, to: pairs.targets, width: pairs.width)
      ids = pairs.queryIDs
    }
  }

  private struct Development: Sendable {
    let source: Source
    /// Candidates at random from the pairs' own stories, as in the paper's task.
    let random: ContextSampler
    /// Candidates that a first stage really proposes, where they are known.
    let hard: ContextSampler?
  }

  /// - Parameters:
  ///   - parameters: trained in place.
  ///   - inputs: the standardisation that the model is stored with.
  ///   - development: other pairs; their contexts are drawn from their own stories.
  /// - Throws: `DatasetError` when there are too few stories for the context width, ``TrainingError`` for embeddings of
  ///   another width than the model's.
  public init(
    _ configuration: RetrievalMixerConfiguration, parameters: ParameterBuffer<Float>, inputs: RetrievalInputs,
    pairs: EmbeddingPairs, development: EmbeddingPairs?, options: Options, threads: Int
  ) throws {
    for pairs in [pairs, development].compactMap({ $0 }) where pairs.width != configuration.hiddenSize {
      throw TrainingError(
        .badInput, "the embeddings are of another width than the model", expected: "\(configuration.hiddenSize)",
        found: "\(pairs.width)")
    }
    model = RetrievalMixerTraining(configuration)
    self.parameters = parameters
    gradients = WorkerGradients(model.layout, workers: threads)
    weights = model.makeStepWeights(options.precision)
    let rows = options.packContexts * configuration.contextWidth
    workers = (0..<max(1, threads)).map { _ in
      (
        MixerTape(
          width: configuration.hiddenSize, blockCount: configuration.blockCount, rowCapacity: rows,
          precision: options.precision),
        MixerScratch(width: configuration.hiddenSize, rowCapacity: rows, precision: options.precision)
      )
    }
    training = Source(pairs, inputs)
    contexts = try Self.sampler(
      pairs, configuration, seed: Seeds.mixed(options.seed, 5), options, hardShare: options.hardShare)
    self.development = try development.map { pairs in
      let isHard = pairs.queryIDs.contains { options.hardNegatives[$0] != nil }
      return Development(
        source: Source(pairs, inputs),
        random: try ContextSampler(
          storyIDs: pairs.targetIDs, queryIDs: pairs.queryIDs, contextWidth: configuration.contextWidth, seed: 1),
        hard: isHard ? try Self.sampler(pairs, configuration, seed: 1, options, hardShare: 1) : nil)
    }
    self.options = options
  }

  private static func sampler(
    _ pairs: EmbeddingPairs, _ configuration: RetrievalMixerConfiguration, seed: UInt64, _ options: Options,
    hardShare: Double
  ) throws -> ContextSampler {
    try ContextSampler(
      storyIDs: pairs.targetIDs, queryIDs: pairs.queryIDs, moreStoryIDs: pairs.moreStoryIDs,
      contextWidth: configuration.contextWidth, seed: seed, hardNegatives: options.hardNegatives, hardShare: hardShare)
  }

  /// How many steps visit every pair `epochs` times.
  public func steps(epochs: Double) -> Int {
    max(1, Int((epochs * Double(contexts.pairCount) / Double(options.batch)).rounded(.up)))
  }

  public mutating func computeGradients(step: Int) throws -> StepOutcome {
    let batch = (0..<options.batch).map { _ in contexts.next() }
    let dropout =
      options.dropout > 0
      ? Dropout(probability: options.dropout, seed: Seeds.mixed(options.seed, 6, UInt64(step))) : nil
    let (loss, correct) = try run(batch, dropout: dropout)
    return StepOutcome(
      loss: loss / Double(batch.count), units: batch.count,
      figures: ["top-1": Double(correct) / Double(batch.count)], batchIDs: batch.map { training.ids[$0.pair] })
  }

  /// Loss and top-1 over contexts of the development pairs, the same ones each time; where hard negatives of theirs are
  /// known, also over contexts of these, and the score is the mean of both.
  ///
  /// In float32, in which retrieval runs this model: bfloat16 costs it two points of top-1.
  public func evaluate() throws -> Evaluation? {
    guard let development else { return nil }
    let mixer = try RetrievalMixer(model.configuration, parameters: parameters)
    let (loss, top1) = try measure(mixer, development.source, development.random)
    guard let hard = development.hard else {
      return Evaluation(figures: ["loss": loss, "top-1": top1], score: top1)
    }
    let (hardLoss, hardTop1) = try measure(mixer, development.source, hard)
    return Evaluation(
      figures: ["loss": loss, "top-1": top1, "hard loss": hardLoss, "hard top-1": hardTop1],
      score: (top1 + hardTop1) / 2)
  }

  private func measure(
    _ mixer: RetrievalMixer, _ source: Source, _ sampler: ContextSampler
  ) throws -> (loss: Double, top1: Double) {
    let pairs = sampler.pairCount
    let batch = (0..<pairs * options.evaluationTrials).map { sampler.context(for: $0 % pairs, number: $0) }
    let scores = try mixer.score(contexts: batch.count, threads: workers.count) { index, rows in
      Self.fill(rows, batch[index], source, sampler, width: mixer.width)
      return sampler.candidateCount
    }
    let correct = zip(scores, batch).count { own, context in own.firstIndex(of: own.max() ?? 0) == context.matchSlot }
    var all = scores.flatMap(\.self)
    let loss = Float.softmaxCrossEntropy(
      &all, targets: batch.map { Int32($0.matchSlot) }, rows: batch.count, width: sampler.candidateCount, scale: 1)
    return (loss / Double(batch.count), Double(correct) / Double(batch.count))
  }

  /// The summed loss of the contexts, pack by pack, each pack always on the same worker, which adds to its gradients.
  private func run(_ batch: [SampledContext], dropout: Dropout?) throws -> (loss: Double, correct: Int) {
    // Packs as large as memory allows, but as many as there are workers.
    let size = min(options.packContexts, (batch.count + workers.count - 1) / workers.count)
    let packs = stride(from: 0, to: batch.count, by: size).map { $0..<min($0 + size, batch.count) }
    let losses = AlignedBuffer<Double>(zeros: packs.count)
    let correct = AlignedBuffer<Int>(zeros: packs.count)
    let (model, parameters, workers, weights, gradients) = (model, parameters, workers, weights, gradients)
    let (source, sampler) = (training, contexts)
    let contextSize = model.configuration.contextWidth * model.configuration.hiddenSize
    try weights.update(from: parameters, threads: workers.count)
    try WorkerPool.forEach(count: workers.count, threads: workers.count) { _, worker in
      for pack in stride(from: worker, to: packs.count, by: workers.count) {
        let contexts = batch[packs[pack]]
        let result = model.loss(
          matches: contexts.map { Int32($0.matchSlot) }, parameters: parameters, gradients: gradients.buffers[worker],
          scale: 1 / Double(batch.count), dropout: dropout?.forPack(pack), weights: weights,
          tape: workers[worker].tape, scratch: workers[worker].scratch
        ) { rows in
          for (index, context) in contexts.enumerated() {
            Self.fill(rows + index * contextSize, context, source, sampler, width: model.configuration.hiddenSize)
          }
        }
        (losses.base[pack], correct.base[pack]) = result
      }
    }
    return (losses.readOnly.reduce(0, +), correct.readOnly.reduce(0, +))
  }

  /// Writes the rows of one context: the query, then the candidates.
  private static func fill(
    _ rows: UnsafeMutablePointer<Float>, _ context: SampledContext, _ source: Source, _ sampler: ContextSampler,
    width: Int
  ) {
    var row = rows
    row.update(from: source.queries.base + context.pair * width, count: width)
    for story in context.candidates {
      row += width
      row.update(from: source.targets.base + sampler.targetRow[story] * width, count: width)
    }
  }
}
