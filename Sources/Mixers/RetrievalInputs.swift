internal import Checkpoints
internal import Operations
internal import Tensors

/// How raw embeddings become the rows of a context: standardised where the model was trained so, and free slots
/// filled with the model's filler embeddings (DESIGN: "Retriever extras").
public struct RetrievalInputs: Sendable {
  public let width: Int
  /// (C − 1, D), raw; zeros when the model has none.
  public let fillers: [Float]
  /// Subtracted from and divided out of each candidate: `(x − mean) / scale`; nil leaves rows as they are.
  public let candidateStandardization: Standardization?
  public let queryStandardization: Standardization?

  /// `(x − mean) / scale` along the width.
  public struct Standardization: Sendable, Equatable {
    public let mean: [Float]
    public let scale: [Float]

    public init(mean: [Float], scale: [Float]) {
      precondition(mean.count == scale.count)
      self.mean = mean
      self.scale = scale
    }

    func apply(_ row: UnsafeMutablePointer<Float>) {
      for index in mean.indices { row[index] = (row[index] - mean[index]) / scale[index] }
    }
  }

  /// Rows as they are, zeros in free slots.
  public init(width: Int, candidates: Int) {
    self.init(width: width, fillers: [Float](repeating: 0, count: candidates * width))
  }

  public init(
    width: Int, fillers: [Float], candidateStandardization: Standardization? = nil,
    queryStandardization: Standardization? = nil
  ) {
    self.width = width
    self.fillers = fillers
    self.candidateStandardization = candidateStandardization
    self.queryStandardization = queryStandardization ?? candidateStandardization
  }

  /// Reads the optional tensors `filler_embeddings`, `input_mean`, `input_scale`, `query_mean` and `query_scale`.
  ///
  /// - Throws: `CheckpointError` for a wrong shape or value, or ``MixersError`` for a scale that is not positive.
  init(from file: SafetensorsFile, _ configuration: RetrievalMixerConfiguration) throws {
    let (width, candidates) = (configuration.hiddenSize, configuration.candidateCount)
    let fillers = try file.optionalFloats("filler_embeddings", shape: [candidates, width])
    func standardization(_ name: String) throws -> Standardization? {
      let mean = try file.optionalFloats("\(name)_mean", shape: [width])
      let scale = try file.optionalFloats("\(name)_scale", shape: [width])
      guard let mean, let scale else {
        guard mean == nil, scale == nil else {
          throw MixersError(.badInput, "only one of \(name)_mean and \(name)_scale is there", at: file.path)
        }
        return nil
      }
      guard scale.allSatisfy({ $0 > 0 }) else {
        throw MixersError(
          .badInput, "a standardisation scale is not positive", at: "\(file.path), tensor \(name)_scale")
      }
      return Standardization(mean: mean, scale: scale)
    }
    self.init(
      width: width, fillers: fillers ?? [Float](repeating: 0, count: candidates * width),
      candidateStandardization: try standardization("input"), queryStandardization: try standardization("query"))
  }

  /// One raw embedding as the model reads it.
  public func standardized(_ row: [Float], isQuery: Bool) -> [Float] {
    var row = row
    row.withUnsafeMutableBufferPointer { values in
      guard let base = values.baseAddress else { return }
      (isQuery ? queryStandardization : candidateStandardization)?.apply(base)
    }
    return row
  }

  /// Turns C rows that hold a raw query and `candidates` raw candidates into a context's input, in place.
  func complete(_ rows: UnsafeMutablePointer<Float>, candidates: Int) {
    let free = rows + (1 + candidates) * width
    fillers.withUnsafeBufferPointer { fillers in
      guard let base = fillers.baseAddress, fillers.count > candidates * width else { return }
      free.update(from: base + candidates * width, count: fillers.count - candidates * width)
    }
    queryStandardization?.apply(rows)
    if let candidateStandardization {
      for row in 1...fillers.count / width { candidateStandardization.apply(rows + row * width) }
    }
  }
}

extension SafetensorsFile {
  /// The tensor's values, or nil when there is none of that name.
  ///
  /// - Throws: `CheckpointError` when it is there with another shape or with values that are not finite.
  func optionalFloats(_ name: String, shape: [Int]) throws -> [Float]? {
    guard let entry = entry(name) else { return nil }
    guard entry.shape == shape else {
      throw CheckpointError(
        .badInput, "the tensor has another shape than config.json says", at: "\(path), tensor \(name)",
        expected: "\(shape)", found: "\(entry.shape)")
    }
    return try floats(name)
  }
}
