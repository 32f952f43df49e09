public import EmbeddingStore
public import Mixers
internal import Tensors

/// Cosine after the learned linear maps of queries and stories (DESIGN §4).
///
/// The stories are mapped once, when this is made: `count × P` values, normalised to length 1.
public final class ProjectionCandidates: CandidateSource {
  private let projection: Projection
  private let vectors: VectorSet
  private let scope: DocumentScope
  private let mapped: ProjectedVectors

  public init(projection: Projection, vectors: VectorSet, scope: DocumentScope, mapped: ProjectedVectors? = nil) {
    self.projection = projection
    self.vectors = vectors
    self.scope = scope
    self.mapped = mapped ?? ProjectedVectors(projection, vectors)
  }

  public func candidates(for query: SearchQuery, limit: Int) throws -> [ScoredDocument] {
    let direction = projection.projectQueries(try query.requireEmbedding(), rows: 1).normalized
    return mapped.top(limit, to: direction, where: scope.contains).map {
      ScoredDocument(id: vectors.id(at: $0.index), score: Double($0.score))
    }
  }
}

/// The vectors of a collection in a projection's space, each of length 1.
public final class ProjectedVectors: Sendable {
  let count: Int
  let width: Int
  private let rows: AlignedBuffer<Float>

  public init(_ projection: Projection, _ vectors: VectorSet) {
    count = vectors.count
    width = projection.outputWidth
    rows = AlignedBuffer(count: count * width)
    vectors.forEachBlock { first, block, count in
      guard let base = block.baseAddress else { return }
      let mapped = projection.projectTargets(base, rows: count)
      for row in 0..<count {
        let unit = Array(mapped[row * width..<(row + 1) * width]).normalized
        (rows.base + (first + row) * width).update(from: unit, count: width)
      }
    }
  }

  func top(_ limit: Int, to direction: [Float], where isAllowed: ((Int) -> Bool)?) -> [(index: Int, score: Float)] {
    var scores = [Float](repeating: 0, count: count)
    LinearProduct.apply(rows.base, weight: direction, into: &scores, rows: count, inputs: width, outputs: 1, beta: 0)
    return BestRows.of(scores, limit: limit, where: isAllowed)
  }
}

extension [Float] {
  /// The vector scaled to length 1; zeros stay zeros.
  var normalized: [Float] {
    let length = reduce(Float(0)) { $0 + $1 * $1 }.squareRoot()
    return length > 0 ? map { $0 / length } : self
  }
}
