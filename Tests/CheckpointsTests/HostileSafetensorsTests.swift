import Checkpoints
import Foundation
import Operations
import Testing

/// Everything a header may claim wrongly is refused before any data is touched.
@Suite struct HostileSafetensorsTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static let good = safetensors(
    #"{"__metadata__":{"k":"v"},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"#
      + #""b":{"dtype":"F32","shape":[1,1],"data_offsets":[8,12]}}"#, data: bytes([1, 2, 3] as [Float]))

  @Test func theGoodFileIsRead() throws {
    let file = try SafetensorsFile(path: folder.write(Self.good))
    #expect(file.entries.map(\.name) == ["a", "b"])
    #expect(try file.floats("a") == [1, 2] && file.floats("b") == [3])
    #expect(file.metadata == ["k": "v"])
  }

  @Test func everyTruncationIsRefused() throws {
    for length in 0..<Self.good.count {
      let path = try folder.write(Self.good.prefix(length))
      let error = #expect(throws: CheckpointError.self, "\(length) bytes") { try SafetensorsFile(path: path) }
      #expect(error?.diagnosis.location?.hasPrefix(path) == true)
      #expect(error?.diagnosis.category == .damaged)
    }
  }

  @Test(arguments: [
    ("not JSON", "hello"),
    ("nothing", ""),
    ("an array", "[]"),
    ("a number", "12"),
    ("text after the end", "{}x"),
    ("an open object", #"{"a":{"dtype":"F32""#),
    ("an open string", #"{"a"#),
    ("an open escape", #"{"a\"#),
    ("a comma too many", #"{"__metadata__":{},}"#),
    ("a bad escape", #"{"\x":{}}"#),
    ("a lone surrogate", #"{"\ud800":{}}"#),
    ("an entry that is no object", #"{"a":[]}"#),
    ("metadata that is no object", #"{"__metadata__":"x"}"#),
    ("metadata that is no string", #"{"__metadata__":{"k":1}}"#),
    ("a missing type", #"{"a":{"shape":[1],"data_offsets":[0,4]}}"#),
    ("a missing shape", #"{"a":{"dtype":"F32","data_offsets":[0,4]}}"#),
    ("missing offsets", #"{"a":{"dtype":"F32","shape":[1]}}"#),
    ("an unknown key", #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":1}}"#),
    ("an unknown type", #"{"a":{"dtype":"F8","shape":[4],"data_offsets":[0,4]}}"#),
    ("a type that is no text", #"{"a":{"dtype":7,"shape":[1],"data_offsets":[0,4]}}"#),
    ("a negative size", #"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#),
    ("a fractional size", #"{"a":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}}"#),
    ("a size in words", #"{"a":{"dtype":"F32","shape":["1"],"data_offsets":[0,4]}}"#),
    ("one offset", #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4]}}"#),
    ("three offsets", #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,4]}}"#),
    ("offsets turned round", #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#),
    ("an end outside the file", #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#),
    ("an absurd end", #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,9223372036854775807]}}"#),
    ("an end beyond 64 bits", #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,18446744073709551616]}}"#),
    ("a shape that overflows", #"{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,4]}}"#),
    ("a shape that overflows to zero", #"{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}"#),
    ("a shape that is too small", #"{"a":{"dtype":"F32","shape":[],"data_offsets":[0,2]}}"#),
    ("a shape and data that disagree", #"{"a":{"dtype":"F16","shape":[1],"data_offsets":[0,4]}}"#),
    (
      "a gap",
      #"{"a":{"dtype":"F16","shape":[1],"data_offsets":[0,2]},"b":{"dtype":"F16","shape":[0],"data_offsets":[4,4]}}"#
    ),
    ("a gap at the start", #"{"a":{"dtype":"F16","shape":[1],"data_offsets":[2,4]}}"#),
    (
      "an overlap",
      #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F16","shape":[1],"data_offsets":[2,4]}}"#
    ),
    (
      "the same data twice",
      #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#
    ),
    ("bytes of no tensor", #"{"a":{"dtype":"F16","shape":[1],"data_offsets":[0,2]}}"#),
    ("no tensor at all", "{}"),
    (
      "one name twice",
      #"{"a":{"dtype":"F16","shape":[1],"data_offsets":[0,2]},"a":{"dtype":"F16","shape":[1],"data_offsets":[2,4]}}"#
    ),
    (
      "one name twice, once escaped",
      #"{"a":{"dtype":"F16","shape":[1],"data_offsets":[0,2]},"\u0061":{"dtype":"F16","shape":[1],"data_offsets":[2,4]}}"#
    ),
    ("the type twice", #"{"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#),
    ("metadata twice", #"{"__metadata__":{},"__metadata__":{},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#),
  ])
  func isRefused(what: String, header: String) throws {
    let path = try folder.write(safetensors(header, data: [0, 0, 0, 0]))
    let error = #expect(throws: CheckpointError.self, "\(what)") { try SafetensorsFile(path: path) }
    #expect(error?.diagnosis.location?.hasPrefix(path) == true)
    #expect(error?.description.contains("\n") == false)
  }

  @Test(arguments: [9, 1_000, 100_000_001, UInt64(Int.max), .max]) func absurdHeaderLengthIsRefused(length: UInt64)
    throws
  {
    let path = try folder.write(safetensors("{}", claimedLength: length))
    #expect(throws: CheckpointError.self) { try SafetensorsFile(path: path) }
  }

  @Test func deepNestingIsRefusedWithoutRecursingDeeply() throws {
    for opening in ["[", #"{"a":"#] {
      let path = try folder.write(safetensors(String(repeating: opening, count: 200_000)))
      #expect(throws: CheckpointError.self) { try SafetensorsFile(path: path) }
    }
  }

  @Test func invalidUTF8IsRefused() throws {
    var file = Self.good
    let name = try #require(file.firstRange(of: Array(#""a""#.utf8)))
    file[name.lowerBound + 1] = 0xFF
    let path = try folder.write(file)
    #expect(throws: CheckpointError.self) { try SafetensorsFile(path: path) }
  }

  @Test func emptyTensorsAndScalarsAreFine() throws {
    let header =
      #"{"none":{"dtype":"F32","shape":[0,9223372036854775807],"data_offsets":[0,0]},"#
      + #""one":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}"#
    let file = try SafetensorsFile(path: folder.write(safetensors(header, data: bytes([7] as [Float]))))
    #expect(try file.floats("none").isEmpty)
    #expect(try file.floats("one") == [7])
  }

  @Test func headerPaddingAndUnorderedEntriesAreFine() throws {
    let header =
      #" { "b" : { "data_offsets" : [ 2 , 4 ], "shape" : [ 1 ] , "dtype":"BF16" },"#
      + "\n\t" + #""a":{"dtype":"F16","shape":[1],"data_offsets":[0,2]}}     "#
    let file = try SafetensorsFile(path: folder.write(safetensors(header, data: [0, 0x3C, 0x80, 0x3F])))
    #expect(file.entries.map(\.name) == ["a", "b"])
    #expect(try file.floats("a") == [1] && file.floats("b") == [1])
  }

  @Test func missingFileFolderAndEmptyFileAreErrors() throws {
    let missing = folder.file("missing").path
    let error = #expect(throws: CheckpointError.self) { try SafetensorsFile(path: missing) }
    #expect(error?.diagnosis.category == .notFound && error?.diagnosis.location == missing)
    #expect(throws: CheckpointError.self) { try SafetensorsFile(path: folder.url.path) }
    let empty = try folder.write([])
    #expect(throws: CheckpointError.self) { try SafetensorsFile(path: empty) }
  }

  /// Whatever is flipped, cut or inserted: an error or a file all of whose values can be read, never a crash.
  @Test func damagedFilesNeverCrash() throws {
    var generator = SeededGenerator(seed: 1)
    var (read, refused) = (0, 0)
    for _ in 0..<1_500 {
      var file = Self.good
      for _ in 0...generator.uniform(below: 3) {
        let place = generator.uniform(below: file.count)
        switch generator.uniform(below: 4) {
        case 0: file[place] = UInt8(truncatingIfNeeded: generator.next())
        case 1: file[place] ^= 1 << UInt8(generator.uniform(below: 8))
        case 2: file.insert(UInt8(truncatingIfNeeded: generator.next()), at: place)
        default: file.remove(at: place)
        }
      }
      let path = try folder.write(file)
      do {
        let file = try SafetensorsFile(path: path)
        for entry in file.entries { _ = try? file.floats(entry.name) }
        read += 1
      } catch is CheckpointError {
        refused += 1
      }
    }
    #expect(read > 25 && refused > 500)
  }
}
