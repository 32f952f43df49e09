import CKernels
import Operations
import Testing

/// Rows of bfloat16 and int8: what they keep of the values, and that every instruction set multiplies them alike.
@Suite struct ReducedKernelTests {
  static let widths = [1, 2, 7, 15, 16, 17, 31, 32, 33, 48, 63, 64, 65, 100, 127, 128, 129, 256, 512, 1000]

  // MARK: - int8

  func codes(_ count: Int, seed: UInt64) -> [Int8] {
    var generator = SeededGenerator(seed: seed)
    // The ends of the range often: that is where 16 bits would overflow.
    return (0..<count).map { _ in
      generator.uniform(below: 3) == 0
        ? [-127, 127][generator.uniform(below: 2)] : Int8(generator.uniform(below: 255) - 127)
    }
  }

  @Test(arguments: widths) func integerProductsAreExact(width: Int) {
    let query = codes(width, seed: 1)
    let rows = codes(width * 9, seed: 2)
    let expected = (0..<9).map { row in
      (0..<width).reduce(Int32(0)) { $0 + Int32(query[$1]) * Int32(rows[row * width + $1]) }
    }
    for set: Int32 in 1...3 {
      var products = [Int32](repeating: .min, count: 9)
      guard mk_int8_products_with(set, query, rows, &products, 9, width) == 1 else { continue }
      #expect(products == expected, "set \(set)")
    }
    var chosen = [Int32](repeating: .min, count: 9)
    mk_int8_products(query, rows, &chosen, 9, width)
    #expect(chosen == expected)
    #expect(mk_int8_products_with(0, query, rows, &chosen, 9, width) == 0)
    #expect(mk_int8_products_with(4, query, rows, &chosen, 9, width) == 0)
  }

  @Test func theLargestSumsFit() {
    let width = 65_536
    for (left, right) in [(127, 127), (127, -127), (-127, 127), (-127, -127)] as [(Int8, Int8)] {
      for set: Int32 in 1...3 {
        var product = [Int32(0)]
        guard
          mk_int8_products_with(
            set, [Int8](repeating: left, count: width), [Int8](repeating: right, count: width), &product, 1, width) == 1
        else { continue }
        #expect(product[0] == Int32(left) * Int32(right) * Int32(width), "set \(set)")
      }
    }
  }

  @Test(arguments: [1, .leastNonzeroMagnitude * 8, .leastNormalMagnitude, 1e-30, 1e-10, 1e30, 3e37] as [Float])
  func codesAreWithinHalfAStep(size: Float) {
    let width = 67
    let rows = KernelTests.values(width * 4, seed: 3).map { $0 * size }
    var codes = [Int8](repeating: 99, count: width * 4)
    var scales = [Float](repeating: -1, count: 4)
    mk_int8_encode(rows, &codes, &scales, 4, width)
    for row in 0..<4 {
      let values = rows[row * width..<(row + 1) * width]
      let largest = values.map(abs).max() ?? 0
      // Where floats themselves are coarse, so is the step.
      #expect(abs(Double(scales[row]) - Double(largest) / 127) <= 1e-7 * Double(largest) + 1e-45)
      #expect(codes[row * width..<(row + 1) * width].map { abs(Int($0)) }.max() == 127)
      for (value, code) in zip(values, codes[row * width..<(row + 1) * width]) {
        let exact = Double(value) / (Double(largest) / 127)
        #expect(abs(exact - Double(code)) <= 0.5001)
      }
    }
  }

  @Test func zerosAreZeros() {
    var codes = [Int8](repeating: 99, count: 10)
    var scales = [Float](repeating: -1, count: 2)
    mk_int8_encode([Float](repeating: -0.0, count: 10), &codes, &scales, 2, 5)
    #expect(codes == [Int8](repeating: 0, count: 10))
    #expect(scales == [0, 0])
  }

  // MARK: - bfloat16

  func decoded(_ code: UInt16) -> Float { Float(bitPattern: UInt32(code) << 16) }

  @Test func theNearestBfloat16IsChosen() {
    var values = KernelTests.values(1000, seed: 4)
    values +=
      values.map { $0 * .leastNormalMagnitude / 8 } + values.map { $0 * 1e38 / 8 } + [0, -0.0, .leastNonzeroMagnitude]
    var codes = [UInt16](repeating: 0xFFFF, count: values.count)
    mk_bfloat16_encode(values, &codes, values.count)
    for (value, code) in zip(values, codes) {
      let error = abs(Double(value) - Double(decoded(code)))
      for neighbour in [code &- 1, code &+ 1] where decoded(neighbour).isFinite {
        #expect(error <= abs(Double(value) - Double(decoded(neighbour))))
      }
    }
    // Halfway, the even one; what rounds to infinity stays finite.
    let special: [(UInt32, UInt16)] = [
      (0x3F80_8000, 0x3F80), (0x3F81_8000, 0x3F82), (0xBF80_8000, 0xBF80), (0x7F7F_FFFF, 0x7F7F),
      (0xFF7F_FFFF, 0xFF7F), (0x8000_0000, 0x8000),
    ]
    codes = [UInt16](repeating: 0, count: special.count)
    mk_bfloat16_encode(special.map { Float(bitPattern: $0.0) }, &codes, special.count)
    #expect(codes == special.map(\.1))
  }

  @Test(arguments: widths) func productsAreThoseOfDecodedRows(width: Int) {
    let query = KernelTests.values(width, seed: 5)
    let values = KernelTests.values(width * 7, seed: 6)
    var codes = [UInt16](repeating: 0, count: values.count)
    mk_bfloat16_encode(values, &codes, values.count)
    var rows = [Float](repeating: .nan, count: values.count)
    mk_bfloat16_decode(codes, &rows, values.count)
    #expect(rows == codes.map(decoded))
    for set: Int32 in 1...3 {
      var (reduced, full) = ([Float](repeating: 0, count: 7), [Float](repeating: 1, count: 7))
      guard mk_bfloat16_products_with(set, query, codes, &reduced, 7, width) == 1 else { continue }
      _ = mk_inner_products_with(set, query, rows, &full, 7, width)
      #expect(reduced == full, "set \(set)")
    }
    var (chosen, full) = ([Float](repeating: 0, count: 7), [Float](repeating: 1, count: 7))
    mk_bfloat16_products(query, codes, &chosen, 7, width)
    mk_inner_products(query, rows, &full, 7, width)
    #expect(chosen == full)
    #expect(mk_bfloat16_products_with(4, query, codes, &chosen, 7, width) == 0)
  }
}
