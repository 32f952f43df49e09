public import Tensors

/// What is trained: the model's parameters, how a batch gives gradients, and how good the model is.
///
/// ``TrainingLoop`` owns everything else: optimizer, schedule, clipping, checkpoints, evaluation times, logs.
public protocol TrainingTask {
  /// Where the sampler stands. Batches must depend on it, the seed and the step number alone.
  associatedtype SamplerState: Codable & Sendable & Equatable

  /// What a run is of: `language-model`. A checkpoint of one kind is not resumed as another.
  static var kind: String { get }
  /// What is counted, in the plural: `tokens`.
  static var unit: String { get }

  /// Trained in place.
  var parameters: ParameterBuffer<Float> { get }
  var gradients: WorkerGradients<Float> { get }
  var sampler: SamplerState { get set }

  /// Draws the next batch and adds the gradients of its mean loss to ``gradients``.
  mutating func computeGradients(step: Int) throws -> StepOutcome

  /// Called after each update of the parameters, to keep them in range.
  func parametersWereUpdated()

  /// How good the model is on the development data; nil when there is none.
  func evaluate() throws -> Evaluation?
}

extension TrainingTask {
  public func parametersWereUpdated() {}
}

/// One batch's loss and size.
public struct StepOutcome: Sendable {
  /// The mean loss.
  public var loss: Double
  /// Tokens, pairs or contexts.
  public var units: Int
  /// More figures for the log, such as the share of correct answers.
  public var figures: [String: Double]
  /// What the batch consisted of, for the report on a batch that broke the training.
  public var batchIDs: [String]

  public init(loss: Double, units: Int, figures: [String: Double] = [:], batchIDs: [String]) {
    self.loss = loss
    self.units = units
    self.figures = figures
    self.batchIDs = batchIDs
  }
}

/// Figures on the development data.
public struct Evaluation: Sendable, Codable, Equatable {
  public var figures: [String: Double]
  /// The one that decides which weights are kept and when to stop early; higher is better.
  public var score: Double

  public init(figures: [String: Double], score: Double) {
    self.figures = figures
    self.score = score
  }
}
