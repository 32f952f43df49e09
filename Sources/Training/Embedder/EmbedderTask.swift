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
    /// How many of a step's pairs share a story, which is then embedded once: queries are several times shorter.
    public var queriesPerStory = 1
    /// Mined negatives a pair, where it has any.
    public var hardNegatives = 0
    /// The share of the batch that is made of stories alone.
    public var selfSupervisedShare = 0.0
    public var selfSupervision = SelfSupervision()
    /// Stories are cut to that many tokens while training; nil leaves them whole.
    public var storyTokens: Int?
    public var initialTemperature = 0.05
    public var dropout = 0.0
    /// The probability that a token of a text is left out.
    public var tokenDropout = 0.0
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
    get { batches.state }
    set { batches.state = newValue }
  }

  private static let logScale = "temperature.log_scale"
  private let configuration: MaskedMixerConfiguration
  private let workers: EmbedderWorkers
  private let teacher: TeacherEmbeddings?
  private let evaluations: [(name: String, set: EmbedderEvaluation)]
  private let options: Options
  private let threads: Int
  private var batches: EmbedderSampler

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
    self.teacher = teacher
    self.evaluations = evaluations
    self.options = options
    self.threads = threads
    batches = EmbedderSampler(configuration, endOfText: endOfText, pairs: pairs, options: options)
  }

  /// How many steps go through the first source `epochs` times.
  public func steps(epochs: Double) -> Int { batches.batches(epochs: epochs) }

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
    let batch = try batches.next(step: step)
    let width = configuration.hiddenSize
    let plan = workers.plan(batch.texts)
    let dropout =
      options.dropout > 0
      ? Dropout(probability: options.dropout, seed: Seeds.mixed(options.seed, 3, UInt64(step))) : nil
    let embeddings = AlignedBuffer<Float>(count: plan.count * width)
    try workers.forward(plan, parameters: parameters, dropout: dropout, into: embeddings.base)
    let queries = EmbeddingRows(batch.queries, of: embeddings, width: width)
    let targets = EmbeddingRows(batch.targets, of: embeddings, width: width)
    let result = ContrastiveLoss<Float>(width: width, positives: batch.positives, groups: batch.groups)(
      queries: queries.values.base, targets: targets.values.base,
      logScale: Double(parameters.pointer(Self.logScale).pointee), queryGradient: queries.gradient.base,
      targetGradient: targets.gradient.base)
    gradients.sum.pointer(Self.logScale).pointee += Float(result.logScaleGradient)
    let gradient = AlignedBuffer<Float>(zeros: plan.count * width)
    queries.copyGradient(to: gradient)
    targets.copyGradient(to: gradient)
    var figures = [
      "in-batch top-1": Double(result.correct) / Double(batch.queries.count),
      "temperature": exp(-Double(parameters.pointer(Self.logScale).pointee)),
    ]
    var loss = result.loss
    if let teacher {
      let distance = DistillationLoss<Float>(width: width)(
        embeddings.base, teacher: batch.textIDs.map { $0.flatMap(teacher.embedding) },
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
}

/// Some of a batch's embeddings, one after another, with the gradient that they get.
private struct EmbeddingRows {
  let values: AlignedBuffer<Float>
  let gradient: AlignedBuffer<Float>
  private let rows: [Int]
  private let width: Int

  init(_ rows: [Int], of embeddings: AlignedBuffer<Float>, width: Int) {
    self.rows = rows
    self.width = width
    values = AlignedBuffer(count: rows.count * width)
    gradient = AlignedBuffer(count: rows.count * width)
    for (index, row) in rows.enumerated() {
      (values.base + index * width).update(from: embeddings.base + row * width, count: width)
    }
  }

  func copyGradient(to whole: AlignedBuffer<Float>) {
    for (index, row) in rows.enumerated() {
      (whole.base + row * width).update(from: gradient.base + index * width, count: width)
    }
  }
}
