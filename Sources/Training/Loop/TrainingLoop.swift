internal import Checkpoints
internal import Foundation
public import Operations
internal import Tensors

/// Trains a task step by step: gradients, clipping, AdamW, schedule, evaluation, early stopping, checkpoints.
///
/// The run is a function of the options alone: interrupted at any step and resumed, it ends in the same weights bit for
/// bit, given the same number of threads on the same machine.
public struct TrainingLoop<Task: TrainingTask> {
  /// How far the run is, for a progress line.
  public struct Progress: Sendable {
    public let step: Int
    public let totalSteps: Int
    public let loss: Double
    public let unitsPerSecond: Double
    public let evaluation: Evaluation?
    /// Told once, with the first step of a sitting.
    public let note: String?
  }

  /// What came of a run.
  public struct Summary: Sendable, Codable {
    public var kind: String
    public var steps: Int
    public var units: Int
    public var seconds: Double
    /// The running mean of the training loss at the end.
    public var loss: Double?
    /// The step whose weights were kept, with its figures on the development data.
    public var bestStep: Int?
    public var evaluation: [String: Double]?
    public var stoppedEarly: Bool
  }

  public private(set) var task: Task
  private let options: TrainingOptions
  private let folder: TrainingFolder
  private let checkpoints: TrainingCheckpoints
  private var optimizer: AdamW<Float>
  private var state: TrainingState<Task.SamplerState>
  private var log: MetricsLog
  /// What is different from the last sitting.
  private var note: String?

  /// Prepares the folder and, when the options say so, reads its newest checkpoint into the task.
  ///
  /// - Throws: ``TrainingError`` when the folder holds another run, or one with other settings; `CheckpointError` when
  ///   a checkpoint is damaged; `OperationError` when the folder cannot be written.
  public init(_ task: Task, options: TrainingOptions, folder: TrainingFolder) throws {
    self.task = task
    self.options = options
    self.folder = folder
    checkpoints = TrainingCheckpoints(folder: folder.checkpoints, kept: options.keptCheckpoints)
    optimizer = AdamW(task.parameters.layout, options: options.optimizer)
    state = TrainingState(
      kind: Task.kind, sampler: task.sampler, settings: options.settings, precision: options.precision)
    try checkpoints.prepare()
    if let newest = checkpoints.steps().last {
      guard options.resumes else {
        throw TrainingError(
          .conflict, "the output folder holds a training run already", at: folder.url.path,
          hint: "go on with it by --resume, or choose another folder")
      }
      state = try checkpoints.load(
        newest, as: TrainingState<Task.SamplerState>.self, kind: Task.kind, parameters: task.parameters,
        optimizer: &optimizer)
      try Self.compare(state.settings, options.settings, at: folder.url.path)
      self.task.sampler = state.sampler
    }
    log = try MetricsLog(folder.metrics, after: state.step)
    let before = state.precision ?? .float32
    if before != options.precision {
      let note = "after step \(state.step) in \(options.precision.rawValue) instead of \(before.rawValue)"
      try log.append(MetricsRecord(step: state.step, note: note))
      self.note = note
      state.precision = options.precision
    }
  }

  /// The figures on the development data before training, where they were measured.
  public var baseline: [String: Double]? { log.records.first { $0.step == 0 }?.evaluation }

  /// Steps taken so far.
  public var step: Int { state.step }

  /// Trains to the end. The task then holds the weights of the best evaluation, or the last where nothing is evaluated.
  ///
  /// - Throws: `OperationError.interrupted` after a checkpoint; ``TrainingError`` when the loss is no number or explodes,
  ///   naming the last good checkpoint and the file with the batch's ids; whatever a batch throws.
  public mutating func run(
    cancellation: Cancellation? = nil, progress: (Progress) -> Void = { _ in }
  ) throws -> Summary {
    var window = Window()
    // The figures before training: what any gain is measured against.
    if state.step == 0 { _ = try evaluate() }
    while state.step < options.totalSteps, !state.stoppedEarly {
      if cancellation?.isRequested == true {
        try saveCheckpoint()
        throw OperationError.interrupted
      }
      let outcome = try takeStep(&window)
      var evaluation: Evaluation?
      if state.step % options.evaluateEvery == 0 || state.step == options.totalSteps {
        evaluation = try evaluate()
      }
      progress(
        Progress(
          step: state.step, totalSteps: options.totalSteps, loss: state.meanLoss ?? outcome.loss,
          unitsPerSecond: window.lastRate, evaluation: evaluation, note: note))
      note = nil
      if state.step % options.checkpointEvery == 0 || state.step == options.totalSteps || state.stoppedEarly {
        try saveCheckpoint()
      }
    }
    try TrainingCurves(kind: Task.kind, records: log.records).write(to: folder.curves)
    if let best = state.best { try checkpoints.loadBest(step: best.step, into: task.parameters) }
    return Summary(
      kind: Task.kind, steps: state.step, units: state.units, seconds: state.seconds, loss: state.meanLoss,
      bestStep: state.best?.step, evaluation: state.best?.evaluation.figures, stoppedEarly: state.stoppedEarly)
  }

  private mutating func takeStep(_ window: inout Window) throws -> StepOutcome {
    let start = ContinuousClock.now
    let number = state.step + 1
    let outcome = try task.computeGradients(step: number)
    let norm = try task.gradients.reduce(threads: options.threads)
    guard !state.isExploding(loss: outcome.loss, norm: norm) else { throw try explosion(number, outcome, norm) }
    let rate = options.schedule.rate(number)
    try optimizer.step(
      task.parameters, gradients: task.gradients.sum, learningRate: rate,
      gradientScale: GradientClipping.scale(norm: norm, limit: options.clippingNorm), threads: options.threads)
    task.parametersWereUpdated()
    state.step = number
    state.sampler = task.sampler
    state.units += outcome.units
    state.observe(loss: outcome.loss)
    let seconds = (ContinuousClock.now - start).seconds
    state.seconds += seconds
    window.add(outcome, seconds: seconds)
    if number % options.logEvery == 0 || number == options.totalSteps {
      try log.append(window.record(step: number, learningRate: rate, norm: norm, seconds: state.seconds))
      window.reset()
    }
    return outcome
  }

  private mutating func evaluate() throws -> Evaluation? {
    guard let evaluation = try task.evaluate() else { return nil }
    try log.append(MetricsRecord(step: state.step, evaluation: evaluation.figures))
    if state.observe(evaluation) { try checkpoints.saveBest(task.parameters, step: state.step) }
    if let patience = options.patience, state.evaluationsSinceBest >= patience { state.stoppedEarly = true }
    return evaluation
  }

  private func saveCheckpoint() throws {
    try checkpoints.save(state, parameters: task.parameters, optimizer: optimizer)
    try TrainingCurves(kind: Task.kind, records: log.records).write(to: folder.curves)
  }

  /// Writes down the batch; the weights of the last checkpoint stay as they are.
  private func explosion(_ step: Int, _ outcome: StepOutcome, _ norm: Double) throws -> TrainingError {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let report = FailedBatch(step: step, loss: "\(outcome.loss)", gradientNorm: "\(norm)", batch: outcome.batchIDs)
    try AtomicFile.replace(folder.failedBatch, with: try encoder.encode(report))
    let last =
      checkpoints.steps().last.map { "the checkpoint of step \($0) is the last good one" }
      ?? "there is no checkpoint yet"
    return TrainingError(
      .failed, "the loss exploded in step \(step)", at: folder.url.path,
      expected: state.meanLoss.map { "about \($0)" } ?? "a number", found: "\(outcome.loss), gradient norm \(norm)",
      hint: "\(last); the batch is in \(folder.failedBatch.lastPathComponent); try a lower learning rate")
  }

  private static func compare(_ stored: [String: String], _ given: [String: String], at location: String) throws {
    for key in Set(stored.keys).union(given.keys).sorted() where stored[key] != given[key] {
      throw TrainingError(
        .conflict, "the run was started with another \(key)", at: location, expected: stored[key] ?? "none",
        found: given[key] ?? "none", hint: "resume with the same options")
    }
  }
}

/// The steps between two lines of metrics.
private struct Window {
  private var loss = 0.0
  private var steps = 0
  private var units = 0
  private var seconds = 0.0
  private var figures: [String: Double] = [:]
  private(set) var lastRate = 0.0

  mutating func add(_ outcome: StepOutcome, seconds: Double) {
    loss += outcome.loss
    steps += 1
    units += outcome.units
    self.seconds += seconds
    lastRate = Double(units) / max(self.seconds, 1e-9)
    for (name, value) in outcome.figures { figures[name, default: 0] += value }
  }

  func record(step: Int, learningRate: Double, norm: Double, seconds: Double) -> MetricsRecord {
    MetricsRecord(
      step: step, loss: loss / Double(max(1, steps)), learningRate: learningRate, gradientNorm: norm,
      unitsPerSecond: lastRate, seconds: seconds,
      training: figures.isEmpty ? nil : figures.mapValues { $0 / Double(max(1, steps)) })
  }

  mutating func reset() {
    let rate = lastRate
    self = Window()
    lastRate = rate
  }
}

/// What is written down about a batch that broke the training. Numbers as text: JSON has no NaN.
private struct FailedBatch: Encodable {
  var step: Int
  var loss: String
  var gradientNorm: String
  var batch: [String]
}
