internal import Foundation
public import Mixers
internal import Operations
public import Tensors

/// Training of the learned first stage: linear maps of queries and of stories into one space, such that the cosine
/// there finds a query's story (InfoNCE over the other stories of the batch).
public struct ProjectionTask: TrainingTask {
  public static var kind: String { "projection" }
  public static var unit: String { "pairs" }

  public struct Options: Sendable {
    /// Pairs of a step.
    public var batch = 1024
    /// P: the width of the common space; nil is the embeddings' own.
    public var width: Int?
    public var initialTemperature = 0.05
    public var seed: UInt64 = 0

    public init() {}
  }

  public let parameters: ParameterBuffer<Float>
  public let gradients: WorkerGradients<Float>
  public var sampler: TextSampler.State {
    get { draws.state }
    set { draws.state = newValue }
  }

  private static let (query, target) = ("projection.query.weight", "projection.target.weight")
  private static let logScale = "temperature.log_scale"
  private let pairs: EmbeddingPairs
  private let development: EmbeddingPairs?
  private let outputWidth: Int
  private let stories: [Int]
  private var draws: TextSampler

  /// - Throws: ``TrainingError`` when the development embeddings are of another width.
  public init(pairs: EmbeddingPairs, development: EmbeddingPairs?, options: Options) throws {
    if let development, development.width != pairs.width {
      throw TrainingError(
        .badInput, "the development embeddings are of another width", expected: "\(pairs.width)",
        found: "\(development.width)")
    }
    self.pairs = pairs
    self.development = development
    outputWidth = options.width ?? pairs.width
    let shape = [outputWidth, pairs.width]
    let layout = ParameterLayout([
      TensorShape(Self.query, shape), TensorShape(Self.target, shape), TensorShape(Self.logScale, [1]),
    ])
    parameters = ParameterBuffer(layout)
    gradients = WorkerGradients(layout, workers: 1)
    draws = TextSampler(
      lengths: [[Int](repeating: 1, count: pairs.count)], weights: [1], budget: options.batch,
      seed: Seeds.mixed(options.seed, 7))
    stories = Self.numbers(pairs.targetIDs)
    initialize(options)
  }

  /// Both maps start alike, so that the first cosine is that of the embeddings themselves.
  private func initialize(_ options: Options) {
    let (width, query, target) = (pairs.width, parameters.pointer(Self.query), parameters.pointer(Self.target))
    var generator = SeededGenerator(seed: Seeds.mixed(options.seed, 8))
    for row in 0..<outputWidth {
      for column in 0..<width {
        query[row * width + column] =
          outputWidth == width ? (row == column ? 1 : 0) : Float(generator.normal() / Double(outputWidth).squareRoot())
      }
    }
    target.update(from: query, count: outputWidth * width)
    parameters.pointer(Self.logScale).pointee = Float(log(1 / options.initialTemperature))
  }

  public func steps(epochs: Double) -> Int { draws.batches(epochs: epochs) }

  /// The trained maps.
  public var projection: Projection {
    func values(_ name: String) -> [Float] {
      Array(UnsafeBufferPointer(start: parameters.pointer(name), count: outputWidth * pairs.width))
    }
    return Projection(
      inputWidth: pairs.width, outputWidth: outputWidth, query: values(Self.query), target: values(Self.target))
  }

  public func parametersWereUpdated() {
    let scale = parameters.pointer(Self.logScale)
    scale.pointee = min(max(scale.pointee, 0), Float(ContrastiveLoss<Float>.largestLogScale))
  }

  public mutating func computeGradients(step: Int) throws -> StepOutcome {
    let rows = draws.next().map(\.text)
    let queries = gather(pairs.queries, rows)
    let targets = gather(pairs.targets, rows)
    let (q, t) = (project(queries, Self.query, rows.count), project(targets, Self.target, rows.count))
    let (dq, dt) = (AlignedBuffer<Float>(count: q.count), AlignedBuffer<Float>(count: t.count))
    let result = ContrastiveLoss<Float>(width: outputWidth, pairs: rows.count, groups: rows.map { stories[$0] })(
      queries: q.base, targets: t.base, logScale: Double(parameters.pointer(Self.logScale).pointee),
      queryGradient: dq.base, targetGradient: dt.base)
    gradients.sum.pointer(Self.logScale).pointee += Float(result.logScaleGradient)
    for (gradient, inputs, name) in [(dq, queries, Self.query), (dt, targets, Self.target)] {
      LinearProduct.addWeightGradient(
        gradient.base, inputs.base, to: gradients.sum.pointer(name), rows: rows.count, inputs: pairs.width,
        outputs: outputWidth)
    }
    return StepOutcome(
      loss: result.loss, units: rows.count, figures: ["in-batch top-1": Double(result.correct) / Double(rows.count)],
      batchIDs: rows.map { pairs.queryIDs[$0] })
  }

  /// Over the development pairs' stories by cosine in the common space.
  public func evaluate() throws -> Evaluation? {
    guard let development else { return nil }
    let q = project(development.queries, Self.query, development.count)
    let t = project(development.targets, Self.target, development.count)
    let numbers = Self.numbers(development.targetIDs)
    let (queries, targets) = (
      UnitRows<Float>(q.base, rows: development.count, width: outputWidth),
      UnitRows<Float>(t.base, rows: development.count, width: outputWidth)
    )
    let count = development.count
    var scores = [Float](repeating: 0, count: count * count)
    LinearProduct.apply(
      queries.rows, weight: targets.rows, into: &scores, rows: count, inputs: outputWidth, outputs: count, beta: 0)
    let isFirst = numbers.indices.map { row in numbers.firstIndex(of: numbers[row]) == row }
    let better = (0..<count).map { query in
      (0..<count).count { isFirst[$0] && scores[query * count + $0] > scores[query * count + query] }
    }
    return EmbedderEvaluation.figures(betterStories: better, stories: isFirst.count { $0 })
  }

  private func gather(_ matrix: AlignedBuffer<Float>, _ rows: [Int]) -> AlignedBuffer<Float> {
    let result = AlignedBuffer<Float>(count: rows.count * pairs.width)
    for (index, row) in rows.enumerated() {
      (result.base + index * pairs.width).update(from: matrix.base + row * pairs.width, count: pairs.width)
    }
    return result
  }

  private func project(_ matrix: AlignedBuffer<Float>, _ name: String, _ rows: Int) -> AlignedBuffer<Float> {
    let result = AlignedBuffer<Float>(count: rows * outputWidth)
    LinearProduct.apply(
      matrix.base, weight: parameters.pointer(name), into: result.base, rows: rows, inputs: pairs.width,
      outputs: outputWidth, beta: 0)
    return result
  }

  /// Equal ids get equal numbers.
  private static func numbers(_ ids: [String]) -> [Int] {
    var known: [String: Int] = [:]
    return ids.map { id in
      let number = known[id] ?? known.count
      known[id] = number
      return number
    }
  }
}
