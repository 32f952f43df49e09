internal import Foundation
public import Mixers
internal import Operations
public import Tensors

/// Contrastive fine-tuning of a masked mixer into an embedder: a query's embedding is to be nearer to its story's than
/// to any other of the batch, and the other way round.
public struct EmbedderTask: TrainingTask {
  public static var kind: String { "embedder" }
  public static var unit: String { "pairs" }

  public struct Options: Sendable {
    /// Pairs of a step: each is every other's negative.
    public var batch = 96
    /// Mined negatives a pair, where it has any.
    public var hardNegatives = 0
    /// The share of the batch that is made of stories alone.
    public var selfSupervisedShare = 0.0
    public var selfSupervision = SelfSupervision()
    /// Stories are cut to that many tokens while training; nil leaves them whole.
    public var storyTokens: Int?
    public var initialTemperature = 0.05
    public var dropout = 0.0
    public var seed: UInt64 = 0
    public var packRows = 1024
    /// Of the products in training.
    public var precision = Precision.float32
    /// For the activations that need not be computed twice.
    public var activationBytes = 2 << 30
    /// What the teacher's loss counts beside the contrastive one.
    public var teacherWeight = 1.0

    public init() {}
  }

  public let parameters: ParameterBuffer<Float>
  public let gradients: WorkerGradients<Float>
  public var sampler: TextSampler.State {
    get { draws.state }
    set { draws.state = newValue }
  }

  private static let logScale = "temperature.log_scale"
  private let configuration: MaskedMixerConfiguration
  private let endOfText: Int32?
  private let workers: EmbedderWorkers
  private let pairs: EmbedderPairs
  private let teacher: TeacherEmbeddings?
  private let evaluations: [(name: String, set: EmbedderEvaluation)]
  private let options: Options
  private let threads: Int
  private var draws: TextSampler
  /// How many of the sampler's sources are pairs.
  private let pairSources: Int

  /// - Parameters:
  ///   - initial: the language model's parameters, which are copied.
  ///   - teacher: embeddings that those of the texts are to resemble, by the texts' ids.
  ///   - evaluations: by name; the mean of their MRRs decides which weights are kept.
  public init(
    _ configuration: MaskedMixerConfiguration, initial: ParameterBuffer<Float>, endOfText: Int32?, pairs: EmbedderPairs,
    teacher: TeacherEmbeddings? = nil, evaluations: [(name: String, set: EmbedderEvaluation)],
    options: Options, threads: Int
  ) {
    precondition(!pairs.stories.isEmpty, "nothing to train on")
    let model = MaskedMixerTraining<Float>(configuration)
    let layout = ParameterLayout(model.layout.tensors + [TensorShape(Self.logScale, [1])])
    parameters = ParameterBuffer(layout)
    parameters.storage.base.update(from: initial.storage.base, count: model.layout.count)
    parameters.pointer(Self.logScale).pointee = Float(log(1 / options.initialTemperature))
    gradients = WorkerGradients(layout, workers: threads)
    workers = EmbedderWorkers(
      model, gradients: gradients, packRows: options.packRows, precision: options.precision,
      activationBytes: options.activationBytes)
    self.configuration = configuration
    self.endOfText = endOfText
    self.pairs = pairs
    self.teacher = teacher
    self.evaluations = evaluations
    self.options = options
    self.threads = threads
    // Every pair counts as one; the sampler's last source are the stories by themselves.
    let share = pairs.sources.isEmpty ? 1 : min(max(options.selfSupervisedShare, 0), 1)
    let total = pairs.sources.reduce(0) { $0 + $1.weight }
    var sources = share < 1 ? pairs.sources.map { ($0.pairs.count, $0.weight / total * (1 - share)) } : []
    pairSources = sources.count
    if share > 0 { sources.append((pairs.stories.count, share)) }
    draws = TextSampler(
      lengths: sources.map { [Int](repeating: 1, count: $0.0) }, weights: sources.map(\.1), budget: options.batch,
      seed: Seeds.mixed(options.seed, 2))
  }

  /// How many steps go through the first source `epochs` times.
  public func steps(epochs: Double) -> Int { draws.batches(epochs: epochs) }

  /// The model's own parameters, without the temperature.
  public var modelParameters: ParameterBuffer<Float> {
    let copy = ParameterBuffer<Float>(workers.model.layout)
    copy.storage.base.update(from: parameters.storage.base, count: copy.layout.count)
    return copy
  }

  public func parametersWereUpdated() {
    let scale = parameters.pointer(Self.logScale)
    scale.pointee = min(max(scale.pointee, 0), Float(ContrastiveLoss<Float>.largestLogScale))
  }

  public mutating func computeGradients(step: Int) throws -> StepOutcome {
    let batch = try batch(draws.next(), step: step)
    let width = configuration.hiddenSize
    let plan = workers.plan(batch.queries + batch.targets)
    let dropout =
      options.dropout > 0
      ? Dropout(probability: options.dropout, seed: Seeds.mixed(options.seed, 3, UInt64(step))) : nil
    let embeddings = AlignedBuffer<Float>(count: plan.count * width)
    let gradient = AlignedBuffer<Float>(count: plan.count * width)
    try workers.forward(plan, parameters: parameters, dropout: dropout, into: embeddings.base)
    let split = batch.queries.count * width
    let result = ContrastiveLoss<Float>(width: width, pairs: batch.queries.count, groups: batch.groups)(
      queries: embeddings.base, targets: embeddings.base + split,
      logScale: Double(parameters.pointer(Self.logScale).pointee), queryGradient: gradient.base,
      targetGradient: gradient.base + split)
    gradients.sum.pointer(Self.logScale).pointee += Float(result.logScaleGradient)
    var figures = [
      "in-batch top-1": Double(result.correct) / Double(batch.queries.count),
      "temperature": exp(-Double(parameters.pointer(Self.logScale).pointee)),
    ]
    var loss = result.loss
    if let teacher {
      let distance = DistillationLoss<Float>(width: width)(
        embeddings.base, teacher: (batch.queryIDs + batch.targetIDs).map { $0.flatMap(teacher.embedding) },
        weight: options.teacherWeight, addingTo: gradient.base)
      loss += options.teacherWeight * distance
      figures["distance to the teacher"] = distance
    }
    try workers.backward(plan, embeddingGradient: gradient.base, parameters: parameters, dropout: dropout)
    return StepOutcome(
      loss: loss, units: batch.queries.count, figures: figures, batchIDs: batch.ids)
  }

  /// The figures of every development set, the first's under their own names; the score is the mean of all their MRRs.
  public func evaluate() throws -> Evaluation? {
    guard !evaluations.isEmpty else { return nil }
    let model = try MaskedMixer(configuration, parameters: modelParameters)
    var figures: [String: Double] = [:]
    var score = 0.0
    for (index, evaluation) in evaluations.enumerated() {
      let result = try evaluation.set.evaluate(model, threads: threads)
      for (name, value) in result.figures { figures[index == 0 ? name : "\(evaluation.name) \(name)"] = value }
      score += result.score / Double(evaluations.count)
    }
    return Evaluation(figures: figures, score: score)
  }

  private struct Batch {
    var ids: [String] = []
    var queries: [TokenWindow] = []
    var targets: [TokenWindow] = []
    /// The story behind each target.
    var groups: [Int] = []
    /// The text behind each query and each target; nil for a part of one.
    var queryIDs: [String?] = []
    var targetIDs: [String?] = []

    mutating func add(target story: Int, _ window: TokenWindow, id: String) {
      targets.append(window)
      groups.append(story)
      targetIDs.append(id)
    }
  }

  private func batch(_ drawn: [TextSampler.Draw], step: Int) throws -> Batch {
    var batch = Batch()
    var generator = SeededGenerator(seed: Seeds.mixed(options.seed, 4, UInt64(step)))
    var negatives: [Int] = []
    for draw in drawn {
      if draw.corpus == pairSources {
        let tokens = pairs.stories[draw.text].tokens
        let content = configuration.appendsEndOfText ? tokens.dropLast() : tokens[...]
        let (span, rest) = options.selfSupervision.split(content) { generator.unitInterval() }
        batch.ids.append("\(pairs.storyIDs[draw.text]) (itself)")
        batch.queries.append(try window(span))
        batch.targets.append(try window(cut(rest)))
        batch.groups.append(draw.text)
        batch.queryIDs.append(nil)
        batch.targetIDs.append(nil)
      } else {
        let pair = pairs.sources[draw.corpus].pairs[draw.text]
        batch.ids.append(pair.id)
        batch.queries.append(pair.query)
        batch.queryIDs.append(pair.id)
        try batch.add(target: pair.story, story(pair.story), id: pairs.storyIDs[pair.story])
        let count = min(options.hardNegatives, pair.negatives.count)
        negatives += generator.distinct(count, below: max(1, pair.negatives.count)).map { pair.negatives[$0] }
      }
    }
    for story in negatives {
      try batch.add(target: story, self.story(story), id: pairs.storyIDs[story])
    }
    return batch
  }

  private func story(_ index: Int) throws -> TokenWindow {
    let whole = pairs.stories[index]
    guard let limit = options.storyTokens, whole.tokens.count > limit else { return whole }
    return try window(cut(configuration.appendsEndOfText ? whole.tokens.dropLast() : whole.tokens[...]))
  }

  private func cut(_ tokens: some Collection<Int32>) -> [Int32] {
    guard let limit = options.storyTokens else { return Array(tokens) }
    return Array(tokens.prefix(limit - (configuration.appendsEndOfText ? 1 : 0)))
  }

  private func window(_ tokens: [Int32]) throws -> TokenWindow {
    try TokenWindow(tokens, endOfText: endOfText, configuration: configuration)
  }
}
