internal import CKernels

/// Queries made ready for a scan.
struct ScanQueries: Sendable {
  let metric: VectorMetric
  let count: Int
  /// `count × dimension`: the queries, of length 1 for the cosine.
  let directions: FloatBlock
  /// The same as int8 codes, where the first pass multiplies them.
  let codes: MemoryBlock<Int8>?
  /// Whether every value is a number: others fit no reduced form.
  let isFinite: Bool

  init(_ queries: [[Float]], dimension: Int, metric: VectorMetric, precision: ScanPrecision) {
    self.metric = metric
    count = queries.count
    directions = FloatBlock(count: count * dimension)
    for (position, query) in queries.enumerated() {
      precondition(query.count == dimension, "the query is of another dimension than the collection")
      let direction = metric == .cosine ? Self.unit(query) : query
      (directions.base + position * dimension).update(from: direction, count: dimension)
    }
    isFinite = mk_all_finite(directions.base, directions.count) != 0
    guard precision == .int8, isFinite else {
      codes = nil
      return
    }
    let codes = MemoryBlock<Int8>(count: directions.count)
    // Their scales are the same for all rows, and change no order.
    let scales = FloatBlock(count: count)
    mk_int8_encode(directions.base, codes.base, scales.base, count, dimension)
    self.codes = codes
  }

  /// The vector at length 1; zeros stay zeros. In double precision, so that no finite vector overflows.
  private static func unit(_ vector: [Float]) -> [Float] {
    let factor = vector.withUnsafeBufferPointer { VectorLengths.inverse($0) }
    return vector.map { Float(Double($0) * factor) }
  }
}
