import CKernels
import Foundation
import Tensors
import Testing

/// The kernel of CKernels/bfloat16.h, held against its plain definition.
@Suite(.enabled(if: mk_bfloat16_is_supported() != 0, "the processor multiplies no bfloat16"))
struct BFloat16ProductTests {
  /// One factor in every form in which it may lie in memory.
  private struct Factor {
    let rows, columns: Int
    let values: [Float]

    init(_ rows: Int, _ columns: Int, seed: UInt64) {
      (self.rows, self.columns) = (rows, columns)
      values = randomValues(rows * columns, seed: seed)
    }

    func with<Result>(rounded: Bool, transposed: Bool, _ body: (mk_factor) -> Result) -> Result {
      var stored = values
      if transposed { for index in values.indices { stored[index % columns * rows + index / columns] = values[index] } }
      var upper = [UInt16](repeating: 0, count: stored.count)
      mk_bfloat16_round(stored, &upper, stored.count)
      func call(_ values: UnsafeRawPointer) -> Result {
        body(
          mk_factor(
            values: values, stride: transposed ? rows : columns, is_bfloat16: rounded ? 1 : 0,
            is_transposed: transposed ? 1 : 0))
      }
      return rounded
        ? upper.withUnsafeBytes { call($0.baseAddress!) } : stored.withUnsafeBytes { call($0.baseAddress!) }
    }
  }

  private static let modes = [Int32(MK_STORE), Int32(MK_ADD), Int32(MK_GELU)]

  private static func panels(of b: mk_factor, _ depth: Int, _ columns: Int) -> AlignedBuffer<UInt16> {
    let panels = AlignedBuffer<UInt16>(count: mk_bfloat16_panels(depth, columns))
    mk_bfloat16_pack(b, panels.base, depth, columns)
    return panels
  }

  @Test(
    arguments: [
      (1, 1, 1), (1, 16, 33), (13, 15, 31), (14, 17, 32), (15, 33, 64), (29, 67, 65), (3, 4_101, 17), (20, 2, 48),
      (900, 3, 2),
    ])
  func equalsThePlainProductInEveryForm(shape: (rows: Int, depth: Int, columns: Int)) {
    let (rows, depth, columns) = shape
    let (a, b) = (Factor(rows, depth, seed: 1), Factor(depth, columns, seed: 2))
    let bias = randomValues(columns, seed: 3)
    let before = randomValues(rows * columns, seed: 4)
    let scratch = AlignedBuffer<UInt8>(count: mk_bfloat16_scratch(rows, depth))
    let stride = Int(MK_PANEL) * (depth + depth % 2)
    for form in 0..<16 {
      a.with(rounded: form & 1 > 0, transposed: form & 2 > 0) { a in
        b.with(rounded: form & 4 > 0, transposed: form & 8 > 0) { b in
          let panels = Self.panels(of: b, depth, columns)
          for mode in Self.modes {
            var expected = before
            mk_bfloat16_product_plain(a, b, bias, &expected, columns, rows, depth, columns, mode)
            // Storing must not read what was there.
            var found = (mode == MK_ADD ? before : [Float](repeating: .nan, count: before.count)) + [.nan]
            mk_bfloat16_product(
              a, panels.base, stride, bias, &found, columns, rows, depth, columns, mode, scratch.base)
            #expect(found[rows * columns].isNaN, "written beyond the last row")
            #expect(relativeError(Array(found.dropLast()), expected.map(Double.init)) < 3e-6)
            guard mode != MK_ADD else { continue }
            var rounded = [UInt16](repeating: 0, count: rows * columns) + [77]
            mk_bfloat16_product_rounded(
              a, panels.base, stride, bias, &rounded, columns, rows, depth, columns, mode, scratch.base)
            #expect(rounded[rows * columns] == 77, "written beyond the last row")
            for (upper, value) in zip(rounded, expected) {
              let found = Float(bitPattern: UInt32(upper) << 16)
              #expect(abs(found - value) <= abs(value) * 0x1p-8 + 1e-4)
            }
          }
        }
      }
    }
  }

  @Test func panelsMayBeEnteredInTheMiddle() {
    let (rows, depth, columns, start) = (5, 39, 40, 12)
    let (a, b) = (Factor(rows, depth - start, seed: 1), Factor(depth, columns, seed: 2))
    var (found, expected) = ([Float](repeating: 0, count: rows * columns), [Float](repeating: 0, count: rows * columns))
    let scratch = AlignedBuffer<UInt8>(count: mk_bfloat16_scratch(rows, depth))
    a.with(rounded: false, transposed: false) { a in
      b.with(rounded: false, transposed: false) { b in
        let panels = Self.panels(of: b, depth, columns)
        mk_bfloat16_product(
          a, panels.base + Int(MK_PANEL) * start, Int(MK_PANEL) * (depth + 1), nil, &found, columns, rows,
          depth - start, columns, Int32(MK_STORE), scratch.base)
        var rest = b
        rest.values = b.values + start * columns * MemoryLayout<Float>.stride
        mk_bfloat16_product_plain(
          a, rest, nil, &expected, columns, rows, depth - start, columns, Int32(MK_STORE))
      }
    }
    #expect(relativeError(found, expected.map(Double.init)) < 3e-6)
  }

  /// Through products with 1, which must not change anything.
  @Test func roundingIsToNearestWithTiesToEven() {
    let values: [Float] = [
      1, 0x1.01p0, 0x1.03p0, 0x1.0101p0, 0x1.00FFp0, -0x1.03p0, 3.0e38, 0x1.FFp127, 0x1.FFp-126, 1e-39, -1e-39, 0, -0.0,
      0x1p-126, .infinity,
    ]
    let expected: [Float] = [
      1, 1, 0x1.04p0, 0x1.02p0, 1, -0x1.04p0, Float(bitPattern: 0x7F62_0000), .infinity, 0x1p-125, 0, 0, 0, 0,
      0x1p-126, .infinity,
    ]
    var plain = [UInt16](repeating: 0, count: values.count)
    mk_bfloat16_round(values, &plain, values.count)
    #expect(plain.map { Float(bitPattern: UInt32($0) << 16) } == expected)
    let panels = AlignedBuffer<UInt16>(count: mk_bfloat16_panels(values.count, 1))
    mk_bfloat16_pack(
      mk_factor(values: values, stride: 1, is_bfloat16: 0, is_transposed: 0), panels.base, values.count, 1)
    let packed = values.indices.map { panels.base[$0 / 2 * 64 + $0 % 2] }
    #expect(packed == plain)
    #expect(Float(bitPattern: UInt32(Self.roundedNaN) << 16).isNaN)
  }

  private static var roundedNaN: UInt16 {
    var found: UInt16 = 0
    mk_bfloat16_round([Float(bitPattern: 0x7F80_0001)], &found, 1)
    return found
  }

  @Test func roundedGELUIsWithinItsBound() {
    // One row of ones times a column of values: the sums are exact.
    let grid = (-9_000...9_000).map { Float($0) * 0.001 }.map(\.roundedToBFloat16)
    let one: [Float] = [1]
    let panels = AlignedBuffer<UInt16>(count: mk_bfloat16_panels(1, grid.count))
    mk_bfloat16_pack(
      mk_factor(values: grid, stride: 1, is_bfloat16: 0, is_transposed: 1), panels.base, 1, grid.count)
    let scratch = AlignedBuffer<UInt8>(count: mk_bfloat16_scratch(1, 1))
    var found = [UInt16](repeating: 0, count: grid.count)
    mk_bfloat16_product_rounded(
      mk_factor(values: one, stride: 1, is_bfloat16: 0, is_transposed: 0), panels.base, Int(MK_PANEL) * 2, nil, &found,
      grid.count, 1, 1, grid.count, Int32(MK_GELU), scratch.base)
    for (x, upper) in zip(grid.map(Double.init), found) {
      let expected = 0.5 * x * (1 + erf(x / 2.0.squareRoot()))
      #expect(abs(Double(Float(bitPattern: UInt32(upper) << 16)) - expected) <= 6e-5 + abs(expected) * 0x1.01p-8)
    }
  }
}
