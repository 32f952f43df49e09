internal import Foundation
public import Mixers
public import Tensors

/// Causal language modelling: each token from those before it.
public struct LanguageModelTask: TrainingTask {
  public static var kind: String { "language-model" }
  public static var unit: String { "tokens" }

  public let parameters: ParameterBuffer<Float>
  public var gradients: WorkerGradients<Float> { workers.gradients }
  public var sampler: TextSampler.State {
    get { texts.state }
    set { texts.state = newValue }
  }

  private let workers: MaskedMixerWorkers
  private let corpora: [TextCorpus]
  private let held: [TokenWindow]
  private var texts: TextSampler
  private let dropout: Double
  private let seed: UInt64

  /// - Parameters:
  ///   - parameters: trained in place.
  ///   - heldOut: texts for the evaluation; may be empty.
  ///   - batchTokens: of a step. Batches are computed in packs of `packRows` rows, so the memory does not depend on it.
  ///   - dropout: the probability, 0 for none.
  ///   - precision: of the products, in training and evaluation.
  public init(
    _ configuration: MaskedMixerConfiguration, parameters: ParameterBuffer<Float>, corpora: [TextCorpus],
    heldOut: [TokenWindow], batchTokens: Int, dropout: Double = 0, seed: UInt64, threads: Int, packRows: Int = 1024,
    precision: Precision = .float32
  ) {
    let model = MaskedMixerTraining<Float>(configuration)
    self.parameters = parameters
    self.corpora = corpora
    held = heldOut
    self.dropout = dropout
    self.seed = seed
    workers = MaskedMixerWorkers(model, workers: threads, packRows: packRows, precision: precision)
    texts = TextSampler(
      lengths: corpora.map { $0.texts.map(\.tokens.count) }, weights: corpora.map(\.weight), budget: batchTokens,
      seed: seed)
  }

  /// How many steps go through the first corpus `epochs` times.
  public func steps(epochs: Double) -> Int { texts.batches(epochs: epochs) }

  public mutating func computeGradients(step: Int) throws -> StepOutcome {
    let batch = texts.next()
    let windows = batch.map { corpora[$0.corpus].texts[$0.text] }
    let (loss, targets) = try workers.languageModelLoss(
      windows, parameters: parameters, computesGradients: true,
      dropout: dropout > 0 ? Dropout(probability: dropout, seed: Seeds.mixed(seed, 1, UInt64(step))) : nil)
    return StepOutcome(
      loss: loss / Double(max(1, targets)), units: windows.reduce(0) { $0 + $1.tokens.count },
      batchIDs: batch.map { corpora[$0.corpus].ids[$0.text] })
  }

  /// The mean loss a token over the held-out texts, and its exponential.
  public func evaluate() throws -> Evaluation? {
    guard !held.isEmpty else { return nil }
    let (sum, targets) = try workers.languageModelLoss(held, parameters: parameters, computesGradients: false)
    let loss = sum / Double(max(1, targets))
    return Evaluation(figures: ["loss": loss, "perplexity": exp(loss)], score: -loss)
  }
}
