internal import Tensors

/// Everything of a run that is not a tensor: with the tensors it is all that a resumed run needs to go on bit for bit.
struct TrainingState<SamplerState: Codable & Sendable & Equatable>: Codable, Equatable, Sendable {
  static var currentVersion: Int { 1 }

  var version = Self.currentVersion
  var kind: String
  /// Steps taken.
  var step = 0
  var sampler: SamplerState
  /// The options of the run, see ``TrainingOptions/settings``.
  var settings: [String: String]
  /// What the products were computed in last; nil in checkpoints of the time when there was float32 only. No setting: a
  /// run may go on in another precision.
  var precision: Precision?
  /// Units (tokens, contexts) seen.
  var units = 0
  /// Seconds of training, over all sittings.
  var seconds = 0.0
  /// A running mean of the loss, against which an explosion is judged.
  var meanLoss: Double?
  var best: Best?
  /// Evaluations since the best one.
  var evaluationsSinceBest = 0
  var stoppedEarly = false

  struct Best: Codable, Equatable, Sendable {
    var step: Int
    var evaluation: Evaluation
  }

  mutating func observe(loss: Double) {
    meanLoss = meanLoss.map { 0.95 * $0 + 0.05 * loss } ?? loss
  }

  /// Whether the loss is no number, or far above what it has been.
  func isExploding(loss: Double, norm: Double) -> Bool {
    guard loss.isFinite, norm.isFinite else { return true }
    guard let meanLoss, step > 20 else { return false }
    return loss > 3 * meanLoss + 2
  }

  /// Takes note of an evaluation after the last step.
  ///
  /// - Returns: whether it is the best so far.
  mutating func observe(_ evaluation: Evaluation) -> Bool {
    if let best, best.evaluation.score >= evaluation.score || evaluation.score.isNaN {
      evaluationsSinceBest += 1
      return false
    }
    best = Best(step: step, evaluation: evaluation)
    evaluationsSinceBest = 0
    return true
  }
}
