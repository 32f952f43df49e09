import CKernels
import Operations
import Testing

@Suite struct KernelTests {
  static func values(_ count: Int, seed: UInt64) -> [Float] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { _ in Float(generator.normal()) }
  }

  @Test(arguments: [1, 2, 7, 8, 9, 15, 16, 17, 24, 31, 32, 33, 48, 63, 64, 65, 100, 256, 511, 512, 1000])
  func innerProductsAgreeWithADoublePrecisionSum(width: Int) {
    let count = 11
    let query = Self.values(width, seed: 1)
    let rows = Self.values(count * width, seed: 2)
    for set: Int32 in 1...3 {
      var products = [Float](repeating: .nan, count: count)
      guard mk_inner_products_with(set, query, rows, &products, count, width) == 1 else { continue }
      for row in 0..<count {
        let terms = (0..<width).map { Double(query[$0]) * Double(rows[row * width + $0]) }
        let tolerance = 1e-6 * (terms.reduce(0) { $0 + abs($1) }) + 1e-12
        #expect(abs(Double(products[row]) - terms.reduce(0, +)) <= tolerance, "set \(set), width \(width)")
      }
    }
  }

  @Test(arguments: [5, 64, 100, 512]) func aProductDoesNotDependOnItsPlace(width: Int) {
    let count = 9
    let query = Self.values(width, seed: 3)
    let rows = Self.values(count * width, seed: 4)
    for set: Int32 in 1...3 {
      var together = [Float](repeating: 0, count: count)
      guard mk_inner_products_with(set, query, rows, &together, count, width) == 1 else { continue }
      for row in 0..<count {
        var alone: Float = 0
        _ = mk_inner_products_with(set, query, Array(rows[row * width..<(row + 1) * width]), &alone, 1, width)
        #expect(alone == together[row])
      }
    }
  }

  @Test(arguments: [1, 8, 31, 32, 33, 47, 63, 64, 100, 512]) func wideRegistersSumInTheSameOrder(width: Int) {
    let query = Self.values(width, seed: 7)
    let rows = Self.values(20 * width, seed: 8)
    var (narrow, wide) = ([Float](repeating: 0, count: 20), [Float](repeating: 1, count: 20))
    guard mk_inner_products_with(2, query, rows, &narrow, 20, width) == 1,
      mk_inner_products_with(3, query, rows, &wide, 20, width) == 1
    else { return }
    #expect(narrow == wide)
  }

  @Test(arguments: [1, 5, 32, 45, 64, 96, 200]) func manyQueriesAreOneAtATime(width: Int) {
    for (queryCount, count) in [(1, 9), (2, 4), (3, 7), (4, 3), (5, 8), (7, 13), (3, 0), (0, 3)] {
      let queries = Self.values(queryCount * width, seed: 9)
      let rows = Self.values(count * width, seed: 10)
      var single = [Float](repeating: .nan, count: queryCount * count)
      for query in 0..<queryCount {
        single.withUnsafeMutableBufferPointer { buffer in
          guard let base = buffer.baseAddress else { return }
          mk_inner_products(
            Array(queries[query * width..<(query + 1) * width]), rows, base + query * count, count, width)
        }
      }
      var together = [Float](repeating: .nan, count: queryCount * count)
      mk_inner_products_many(queries, queryCount, rows, &together, count, width)
      #expect(together == single, "\(queryCount) queries, \(count) rows")
      var alternative = [Float](repeating: .nan, count: queryCount * count)
      #expect(mk_inner_products_many_with(1, queries, queryCount, rows, &alternative, count, width) == 1)
      #expect(alternative == single)
    }
  }

  @Test func chosenRowsHaveTheirOwnProducts() {
    let (query, rows) = (Self.values(70, seed: 11), Self.values(70 * 10, seed: 12))
    var all = [Float](repeating: 0, count: 10)
    mk_inner_products(query, rows, &all, 10, 70)
    let indices: [UInt32] = [9, 0, 3, 3, 7]
    var chosen = [Float](repeating: .nan, count: 5)
    mk_inner_products_at(query, rows, indices, &chosen, 5, 70)
    #expect(chosen == indices.map { all[Int($0)] })
  }

  @Test func theProcessorsOwnChoiceIsOneOfThem() {
    let (query, rows) = (Self.values(40, seed: 5), Self.values(40 * 6, seed: 6))
    var chosen = [Float](repeating: 0, count: 6)
    mk_inner_products(query, rows, &chosen, 6, 40)
    let candidates = (Int32(1)...3).map { set in
      var products = [Float](repeating: 0, count: 6)
      _ = mk_inner_products_with(set, query, rows, &products, 6, 40)
      return products
    }
    #expect(candidates.contains(chosen))
    #expect(mk_inner_products_with(4, query, rows, &chosen, 6, 40) == 0)
    #expect(mk_inner_products_with(0, query, rows, &chosen, 6, 40) == 0)
  }

  @Test func theNextScoreAboveAThreshold() {
    var scores = [Float](repeating: 0, count: 53)
    for index in [0, 3, 17, 40, 52] { scores[index] = 2 }
    scores[5] = .nan
    scores[6] = 1
    var found: [Int] = []
    var start = 0
    while start < scores.count {
      start = mk_next_above(scores, start, scores.count, 1)
      if start < scores.count { found.append(start) }
      start += 1
    }
    #expect(found == [0, 3, 17, 40, 52])
    #expect(mk_next_above(scores, 0, 0, 1) == 0)
  }

  @Test func checksumsAreTheStandards() {
    // RFC 3720, B.4, and the usual check value.
    let ascending = (UInt8(0)..<32).map { $0 }
    for function in [mk_crc32c, mk_crc32c_portable] {
      #expect(function(0, Array("123456789".utf8), 9) == 0xE306_9283)
      #expect(function(0, [UInt8](repeating: 0, count: 32), 32) == 0x8A91_36AA)
      #expect(function(0, [UInt8](repeating: 255, count: 32), 32) == 0x62A8_AB43)
      #expect(function(0, ascending, 32) == 0x46DD_794E)
      #expect(function(0, [UInt8](), 0) == 0)
    }
    var generator = SeededGenerator(seed: 9)
    for length in 0..<70 {
      let bytes = (0..<length).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
      let split = length / 3
      let parts = mk_crc32c(mk_crc32c(0, Array(bytes[..<split]), split), Array(bytes[split...]), length - split)
      #expect(mk_crc32c(0, bytes, length) == mk_crc32c_portable(0, bytes, length))
      #expect(parts == mk_crc32c(0, bytes, length))
    }
  }
}
