internal import CKernels

/// Scores of many rows against queries: the one place that knows how rows of each form are multiplied.
///
/// One a thread: it holds the memory that a form needs between the product and the score.
struct ScanKernel: ~Copyable {
  private let set: VectorSet
  private let form: EncodedRows
  private let queries: ScanQueries
  /// Products of int8 codes.
  private let integers: MemoryBlock<Int32>
  /// Rows of bfloat16 as float32, where several queries read them.
  private let decoded: FloatBlock

  /// - Parameter rows: the most rows that are asked for at a time.
  init(_ set: VectorSet, _ form: EncodedRows, _ queries: ScanQueries, rows: Int) {
    self.set = set
    self.form = form
    self.queries = queries
    integers = MemoryBlock(count: form.precision == .int8 ? rows : 0)
    decoded = FloatBlock(count: form.precision == .bfloat16 && queries.count > 1 ? rows * set.dimension : 0)
  }

  /// scores[q · count + r] = how well row `first + r` fits query `q` of `group`, up to a positive factor a query where
  /// the form is int8.
  func score(_ group: Range<Int>, first: Int, count: Int, into scores: UnsafeMutablePointer<Float>) {
    let width = set.dimension
    let directions = queries.directions.base + group.lowerBound * width
    switch form {
    case .float32:
      mk_inner_products_many(directions, group.count, set.rows.base + first * width, scores, count, width)
    case .bfloat16(let codes) where group.count == 1:
      mk_bfloat16_products(directions, codes.base + first * width, scores, count, width)
    case .bfloat16(let codes):
      mk_bfloat16_decode(codes.base + first * width, decoded.base, count * width)
      mk_inner_products_many(directions, group.count, decoded.base, scores, count, width)
    case .int8(let codes, let scales):
      guard let queryCodes = queries.codes else { return }
      for (position, query) in group.enumerated() {
        mk_int8_products(
          queryCodes.base + query * width, codes.base + first * width, integers.base, count, width)
        mk_int8_scores(integers.base, scales.base + first, scores + position * count, count)
      }
    }
    guard queries.metric == .cosine else { return }
    for position in 0..<group.count {
      mk_multiply(scores + position * count, set.inverseLengths.base + first, count)
    }
  }

  /// The exact scores of chosen rows.
  static func score(_ indices: [UInt32], of set: VectorSet, _ query: Int, in queries: ScanQueries) -> [Float] {
    [Float](unsafeUninitializedCapacity: indices.count) { scores, initialized in
      initialized = indices.count
      guard let base = scores.baseAddress else { return }
      mk_inner_products_at(
        queries.directions.base + query * set.dimension, set.rows.base, indices, base, indices.count, set.dimension)
      guard queries.metric == .cosine else { return }
      for (position, index) in indices.enumerated() { base[position] *= set.inverseLengths.base[Int(index)] }
    }
  }
}
