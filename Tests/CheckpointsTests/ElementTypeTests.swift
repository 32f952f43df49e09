import Foundation
import Operations
import Testing

@testable import Checkpoints

@Suite struct ElementTypeTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func file(_ type: String, _ data: [UInt8], count: Int) throws -> SafetensorsFile {
    try SafetensorsFile(
      path: folder.write(
        safetensors(
          #"{"x":{"dtype":"\#(type)","shape":[\#(count)],"data_offsets":[0,\#(data.count)]}}"#, data: data)))
  }

  @Test func everyFloat16IsExact() {
    for bits in UInt16.min...UInt16.max {
      let value = HalfPrecision.float32(float16Bits: bits)
      let (exponent, fraction) = (Int(bits >> 10) & 31, Double(bits & 1023))
      let magnitude =
        switch exponent {
        case 0: scalbn(fraction, -24)
        case 31: fraction == 0 ? Double.infinity : .nan
        default: scalbn(1024 + fraction, exponent - 25)
        }
      if magnitude.isNaN {
        #expect(value.isNaN)
      } else if Double(value.magnitude) != magnitude || (value.sign == .minus) != (bits >> 15 == 1) {
        Issue.record("\(bits) became \(value)")
      }
    }
  }

  @Test func float16IsReadWithSubnormals() throws {
    // 1, −2, the largest, the smallest normal, the largest and the smallest subnormal, −0
    let read = try file("F16", bytes([0x3C00, 0xC000, 0x7BFF, 0x0400, 0x03FF, 0x0001, 0x8000] as [UInt16]), count: 7)
      .floats("x")
    #expect(read == [1, -2, 65504, 0x1p-14, 1023 * 0x1p-24, 0x1p-24, -0.0])
    #expect(read[6].sign == .minus)
  }

  @Test func bfloat16IsReadWithSubnormals() throws {
    let read = try file("BF16", bytes([0x3F80, 0xC000, 0x7F7F, 0x0001, 0x8000] as [UInt16]), count: 5).floats("x")
    #expect(read == [1, -2, Float(bitPattern: 0x7F7F_0000), Float(bitPattern: 0x0001_0000), -0.0])
  }

  @Test(arguments: ["F32", "F16", "BF16"]) func nonFiniteValuesAreRefused(type: String) throws {
    for bad in [Float.nan, .infinity, -.infinity] {
      let half: UInt16 = bad.isNaN ? 0x7E00 : bad > 0 ? 0x7C00 : 0xFC00
      let data =
        switch type {
        case "F32": bytes([1, bad])
        case "F16": bytes([0x3C00, half])
        default: bytes([0x3F80, UInt16(bad.bitPattern >> 16)])
        }
      let file = try file(type, data, count: 2)
      let error = #expect(throws: CheckpointError.self) { try file.floats("x") }
      #expect(error?.diagnosis.category == .damaged)
      #expect(error?.description.contains("tensor x") == true)
    }
  }

  @Test func wholeNumbersAreReadAsSuchOnly() throws {
    let file = try file("I64", bytes([1, -2, Int64.max] as [Int64]), count: 3)
    #expect(try file.integers("x") == [1, -2, .max])
    #expect(throws: CheckpointError.self) { try file.floats("x") }
    #expect(throws: CheckpointError.self) { try file.integers("y") }
    #expect(throws: CheckpointError.self) { try file.floats("y") }
  }

  @Test func floatsAreNotWholeNumbers() throws {
    let file = try file("F32", bytes([1] as [Float]), count: 1)
    #expect(throws: CheckpointError.self) { try file.integers("x") }
  }
}
