public import Mixers
public import Tensors

/// Trains embeddings with a loss over a whole batch of them, by gradient caching (Gao et al. 2021, arXiv 2101.06983):
/// first every text's embedding, then the loss and its gradient for each embedding, then each pack's backward pass.
///
/// The batch may be as large as the loss needs. The activations of as many packs as the memory allows are kept; the
/// others are computed a second time, with the same result to the bit.
public final class EmbedderWorkers: Sendable {
  public let model: MaskedMixerTraining<Float>
  public let gradients: WorkerGradients<Float>
  private let packRows: Int
  private let tapes: [[MixerTape<Float>]]
  private let scratches: [MixerScratch<Float>]
  private let weights: StepWeights<Float>

  /// - Parameters:
  ///   - gradients: one buffer a worker, in a layout that begins with the model's.
  ///   - packRows: rows of a pass, raised to the context length.
  ///   - precision: of the products.
  ///   - activationBytes: for the kept activations of all workers; one pack each is always kept.
  public init(
    _ model: MaskedMixerTraining<Float>, gradients: WorkerGradients<Float>, packRows: Int = 1024,
    precision: Precision = .float32, activationBytes: Int
  ) {
    self.model = model
    self.gradients = gradients
    weights = model.makeStepWeights(precision)
    let configuration = model.configuration
    let rows = max(packRows, configuration.contextLength)
    self.packRows = rows
    let workers = gradients.buffers.count
    let tapeBytes = MixerTape<Float>.byteCount(
      width: configuration.hiddenSize, blockCount: configuration.blockCount, rowCapacity: rows, precision: precision)
    let kept = max(1, activationBytes / workers / tapeBytes)
    tapes = (0..<workers).map { _ in
      (0..<kept).map { _ in
        MixerTape(
          width: configuration.hiddenSize, blockCount: configuration.blockCount, rowCapacity: rows,
          precision: precision)
      }
    }
    scratches = (0..<workers).map { _ in
      MixerScratch(width: configuration.hiddenSize, rowCapacity: rows, precision: precision)
    }
  }

  /// A batch, spread over the workers.
  struct Plan: Sendable {
    /// For each pack the indices of its texts.
    let texts: [[Int]]
    let packs: [TokenPack]
    /// Where each pack's embeddings lie, which are in the order of the packs.
    let offsets: [Int]
    let count: Int
  }

  func plan(_ texts: [TokenWindow]) -> Plan {
    let configuration = model.configuration
    let groups = PackPlan.packs(
      rows: texts.map { TokenPack.rows(tokens: $0.tokens.count, configuration) }, workers: tapes.count,
      capacity: packRows)
    var offsets: [Int] = []
    var offset = 0
    for group in groups {
      offsets.append(offset)
      offset += group.count
    }
    return Plan(
      texts: groups, packs: groups.map { TokenPack($0.map { texts[$0] }, configuration) }, offsets: offsets,
      count: texts.count)
  }

  /// The embeddings, `texts × D`, in the order of the texts.
  func forward(
    _ plan: Plan, parameters: ParameterBuffer<Float>, dropout: Dropout?, into output: UnsafeMutablePointer<Float>
  ) throws {
    let width = model.configuration.hiddenSize
    let packed = AlignedBuffer<Float>(count: plan.count * width)
    try weights.update(from: parameters, threads: tapes.count)
    try eachWorker { worker in
      for (turn, pack) in turns(of: worker, plan) {
        model.embeddingsForward(
          plan.packs[pack], parameters: parameters, dropout: dropout?.forPack(pack), weights: weights,
          tape: tape(worker, turn), scratch: scratches[worker], into: packed.base + plan.offsets[pack] * width)
      }
    }
    for (pack, texts) in plan.texts.enumerated() {
      for (index, text) in texts.enumerated() {
        (output + text * width).update(from: packed.base + (plan.offsets[pack] + index) * width, count: width)
      }
    }
  }

  /// Given the gradient of the embeddings that the last ``forward(_:parameters:dropout:into:)`` gave, adds to those of
  /// the parameters.
  func backward(
    _ plan: Plan, embeddingGradient: UnsafePointer<Float>, parameters: ParameterBuffer<Float>, dropout: Dropout?
  ) throws {
    let width = model.configuration.hiddenSize
    let packed = AlignedBuffer<Float>(count: plan.count * width)
    for (pack, texts) in plan.texts.enumerated() {
      for (index, text) in texts.enumerated() {
        (packed.base + (plan.offsets[pack] + index) * width).update(
          from: embeddingGradient + text * width, count: width)
      }
    }
    let unused = AlignedBuffer<Float>(count: plan.count * width)
    try eachWorker { worker in
      let turns = turns(of: worker, plan)
      let kept = tapes[worker].count
      // From the last pack, whose activations are still there; the last tape served every pack beyond the others.
      for (turn, pack) in turns.reversed() {
        let (tape, scratch) = (tape(worker, turn), scratches[worker])
        let start = plan.offsets[pack] * width
        if turn >= kept - 1, turn < turns.count - 1 {
          model.embeddingsForward(
            plan.packs[pack], parameters: parameters, dropout: dropout?.forPack(pack), weights: weights,
            tape: tape,
            scratch: scratch, into: unused.base + start)
        }
        model.embeddingsBackward(
          plan.packs[pack], embeddingGradient: packed.base + start, parameters: parameters,
          gradients: gradients.buffers[worker], dropout: dropout?.forPack(pack), weights: weights, tape: tape,
          scratch: scratch)
      }
      model.clearAboveDiagonal(gradients.buffers[worker])
    }
  }

  private func eachWorker(_ body: @Sendable (Int) -> Void) throws {
    try WorkerPool.forEach(count: tapes.count, threads: tapes.count) { _, worker in body(worker) }
  }

  /// A worker's packs that are not empty, in its order.
  private func turns(of worker: Int, _ plan: Plan) -> [(turn: Int, pack: Int)] {
    stride(from: worker, to: plan.packs.count, by: tapes.count).filter { plan.packs[$0].rows > 0 }.enumerated()
      .map { ($0.offset, $0.element) }
  }

  private func tape(_ worker: Int, _ turn: Int) -> MixerTape<Float> {
    tapes[worker][min(turn, tapes[worker].count - 1)]
  }
}
