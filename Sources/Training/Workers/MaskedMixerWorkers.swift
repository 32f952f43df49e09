public import Mixers
public import Tensors

/// Trains a masked mixer on several cores: each worker runs its own packs of a batch with its own memory and its own
/// gradients, which are then added in a fixed order.
///
/// Memory: per worker one tape of `packRows` rows and one gradient buffer, whatever the batch size.
public final class MaskedMixerWorkers: Sendable {
  public let model: MaskedMixerTraining<Float>
  public let gradients: WorkerGradients<Float>
  public let packRows: Int
  let workers: [Worker]
  private let weights: StepWeights<Float>

  /// One worker's memory.
  struct Worker: Sendable {
    let tape: MixerTape<Float>
    let scratch: MixerScratch<Float>
    let head: LanguageModelHead<Float>?
  }

  /// - Parameters:
  ///   - packRows: rows of a pass; more make larger products and take more memory. Raised to the context length.
  ///   - hasHead: whether language-model losses are computed.
  ///   - precision: of the products.
  ///   - gradients: shared with others, for instance with one more tensor than the model; their layout must begin
  ///     with the model's.
  public init(
    _ model: MaskedMixerTraining<Float>, workers: Int, packRows: Int = 2048, hasHead: Bool = true,
    precision: Precision = .float32, gradients: WorkerGradients<Float>? = nil
  ) {
    self.model = model
    self.gradients = gradients ?? WorkerGradients(model.layout, workers: workers)
    weights = model.makeStepWeights(precision)
    let configuration = model.configuration
    let rows = max(packRows, configuration.contextLength)
    self.packRows = rows
    self.workers = (0..<max(1, workers)).map { _ in
      Worker(
        tape: MixerTape(
          width: configuration.hiddenSize, blockCount: configuration.blockCount, rowCapacity: rows,
          precision: precision),
        scratch: MixerScratch(width: configuration.hiddenSize, rowCapacity: rows, precision: precision),
        head: hasHead ? LanguageModelHead(configuration, precision: precision) : nil)
    }
  }

  /// The texts' loss, summed over all targets, and how many those are.
  ///
  /// - Parameters:
  ///   - computesGradients: whether the gradients of the mean are added to ``gradients``.
  ///   - dropout: with the seed of the step.
  public func languageModelLoss(
    _ texts: [TokenWindow], parameters: ParameterBuffer<Float>, computesGradients: Bool, dropout: Dropout? = nil
  ) throws -> (loss: Double, targets: Int) {
    let configuration = model.configuration
    let plan = PackPlan.packs(
      rows: texts.map { TokenPack.rows(tokens: $0.tokens.count, configuration) }, workers: workers.count,
      capacity: packRows)
    let packs = plan.map { TokenPack($0.map { texts[$0] }, configuration) }
    let targets = packs.reduce(0) { $0 + $1.targetCount }
    let losses = AlignedBuffer<Double>(zeros: packs.count)
    try weights.update(from: parameters, threads: workers.count)
    try WorkerPool.forEach(count: workers.count, threads: workers.count) { _, index in
      let worker = workers[index]
      guard let head = worker.head else { preconditionFailure("the workers have no head") }
      for pack in stride(from: index, to: packs.count, by: workers.count) where packs[pack].rows > 0 {
        losses.base[pack] = model.languageModelLoss(
          packs[pack], parameters: parameters, gradients: computesGradients ? gradients.buffers[index] : nil,
          scale: 1 / Double(max(1, targets)), dropout: dropout?.forPack(pack), weights: weights,
          tape: worker.tape, scratch: worker.scratch, head: head)
      }
      if computesGradients { model.clearAboveDiagonal(gradients.buffers[index]) }
    }
    return (losses.readOnly.reduce(0, +), targets)
  }
}

extension Dropout {
  /// The dropout of one pack of a batch.
  func forPack(_ index: Int) -> Dropout {
    Dropout(probability: probability, seed: seed &+ UInt64(index) &* 0xD6E8_FEB8_6659_FD93)
  }
}
