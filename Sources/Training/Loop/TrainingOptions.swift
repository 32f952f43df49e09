public import Foundation
public import Tensors

/// How long and how to train, whatever is trained.
public struct TrainingOptions: Sendable {
  public var schedule: LearningRateSchedule
  /// Gradients are scaled down to this norm; nil does not clip.
  public var clippingNorm: Double?
  public var optimizer: AdamWOptions
  /// Steps between two checkpoints.
  public var checkpointEvery: Int
  /// How many checkpoints are kept.
  public var keptCheckpoints: Int
  /// Steps between two evaluations; the last step is always evaluated.
  public var evaluateEvery: Int
  /// Stops after that many evaluations in a row without a better score; nil never stops early.
  public var patience: Int?
  /// Steps between two lines of metrics.
  public var logEvery: Int
  public var threads: Int
  /// Whether to go on from the newest checkpoint in the output folder, if there is one.
  public var resumes: Bool
  /// Everything that decides the run's result, by the name of its option. A run is only resumed with the same.
  public var settings: [String: String]
  /// What the task computes its products in, for the log.
  public var precision: Precision

  public init(
    schedule: LearningRateSchedule, clippingNorm: Double? = 1, optimizer: AdamWOptions = .init(),
    checkpointEvery: Int = 500, keptCheckpoints: Int = 2, evaluateEvery: Int = 500, patience: Int? = nil,
    logEvery: Int = 10, threads: Int, resumes: Bool = false, settings: [String: String] = [:],
    precision: Precision = .float32
  ) {
    self.schedule = schedule
    self.clippingNorm = clippingNorm
    self.optimizer = optimizer
    self.checkpointEvery = max(1, checkpointEvery)
    self.keptCheckpoints = max(1, keptCheckpoints)
    self.evaluateEvery = max(1, evaluateEvery)
    self.patience = patience
    self.logEvery = max(1, logEvery)
    self.threads = max(1, threads)
    self.resumes = resumes
    self.settings = settings
    self.precision = precision.resolved
  }

  public var totalSteps: Int { schedule.total }
}

/// The files of one run.
public struct TrainingFolder: Sendable {
  public let url: URL

  public init(_ url: URL) { self.url = url }

  public init(path: String) { url = URL(fileURLWithPath: path, isDirectory: true) }

  public var checkpoints: URL { url.appendingPathComponent("checkpoints", isDirectory: true) }
  /// One JSON object a line: `{"step", "loss", "learning_rate", …}` or `{"step", "evaluation": {…}}`.
  public var metrics: URL { url.appendingPathComponent("metrics.jsonl") }
  public var curves: URL { url.appendingPathComponent("curves.svg") }
  /// Written when a batch broke the training.
  public var failedBatch: URL { url.appendingPathComponent("failed-batch.json") }
}
