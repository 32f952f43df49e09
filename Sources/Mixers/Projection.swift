internal import Checkpoints
internal import Operations
internal import Tensors

/// A learned linear first stage: cosine after mapping queries and stories into a common space of width P.
public struct Projection: Sendable {
  public let inputWidth: Int
  /// P: the width of the common space.
  public let outputWidth: Int
  /// (P, D)
  public let query: [Float]
  /// (P, D)
  public let target: [Float]

  public init(inputWidth: Int, outputWidth: Int, query: [Float], target: [Float]) {
    precondition(query.count == inputWidth * outputWidth && target.count == query.count)
    self.inputWidth = inputWidth
    self.outputWidth = outputWidth
    self.query = query
    self.target = target
  }

  /// Reads `projection.query.weight` and `projection.target.weight`, both (P, D); nil when the file has neither.
  ///
  /// - Throws: `CheckpointError` or ``MixersError`` for a wrong shape, or one without the other.
  init?(from file: SafetensorsFile, _ configuration: RetrievalMixerConfiguration) throws {
    let (query, target) = (file.entry("projection.query.weight"), file.entry("projection.target.weight"))
    if query == nil, target == nil { return nil }
    guard let query, let target, query.shape.count == 2, query.shape == target.shape, query.shape[0] > 0,
      query.shape[1] == configuration.hiddenSize
    else {
      throw MixersError(
        .badInput, "the projection's tensors do not fit", at: file.path,
        expected: "projection.query.weight and projection.target.weight of one shape (P, \(configuration.hiddenSize))",
        found: "\(query?.shape ?? []) and \(target?.shape ?? [])")
    }
    self.init(
      inputWidth: query.shape[1], outputWidth: query.shape[0], query: try file.floats(query.name),
      target: try file.floats(target.name))
  }

  /// Maps raw query embeddings, `rows × D`, to `rows × P`.
  public func projectQueries(_ embeddings: UnsafePointer<Float>, rows: Int) -> [Float] {
    project(embeddings, rows: rows, weight: query)
  }

  /// Maps raw story embeddings, `rows × D`, to `rows × P`.
  public func projectTargets(_ embeddings: UnsafePointer<Float>, rows: Int) -> [Float] {
    project(embeddings, rows: rows, weight: target)
  }

  private func project(_ embeddings: UnsafePointer<Float>, rows: Int, weight: [Float]) -> [Float] {
    [Float](unsafeUninitializedCapacity: rows * outputWidth) { buffer, count in
      count = rows * outputWidth
      guard let base = buffer.baseAddress else { return }
      LinearProduct.apply(
        embeddings, weight: weight, into: base, rows: rows, inputs: inputWidth, outputs: outputWidth, beta: 0)
    }
  }
}
