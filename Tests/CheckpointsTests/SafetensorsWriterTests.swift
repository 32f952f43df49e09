import Checkpoints
import Foundation
import Operations
import Tensors
import Testing

@Suite struct SafetensorsWriterTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func write(_ tensors: [(TensorShape, [Float])], metadata: [String: String] = [:]) throws -> SafetensorsFile {
    let buffers = tensors.map { _, values in
      let buffer = AlignedBuffer<Float>(count: values.count)
      for (index, value) in values.enumerated() { (buffer.base + index).initialize(to: value) }
      return buffer
    }
    let url = folder.file("written.safetensors")
    try withExtendedLifetime(buffers) {
      try SafetensorsWriter.write(
        zip(tensors, buffers).map { SafetensorsWriter.Tensor($0.0, $1.readOnly) }, metadata: metadata, to: url)
    }
    return try SafetensorsFile(path: url.path)
  }

  @Test func whatIsWrittenIsRead() throws {
    let file = try write([
      (TensorShape("second", [2, 3]), [1, -2, 0.5, 0x1p-140, .greatestFiniteMagnitude, -0.0]),
      (TensorShape("first", []), [7]), (TensorShape("empty", [0, 4]), []),
    ])
    #expect(file.entries.map(\.shape).sorted { $0.count < $1.count }.contains([2, 3]))
    #expect(try file.floats("second") == [1, -2, 0.5, 0x1p-140, .greatestFiniteMagnitude, -0.0])
    #expect(try file.floats("first") == [7])
    #expect(try file.floats("empty") == [])
    #expect(file.entry("empty")?.shape == [0, 4])
  }

  @Test func hostileNamesAndMetadataComeBack() throws {
    let hostile = [
      "quote\"d", "back\\slash", "line\nbreak\r\t", "nul\u{0}", "é😀\u{2028}", "/slash/", "", "}{][,:", "\u{7F}\u{1}",
    ]
    var metadata = Dictionary(uniqueKeysWithValues: hostile.map { ($0, $0 + "!") })
    metadata["ids"] = "[\"a\",\"b\"]"
    let file = try write(hostile.map { (TensorShape($0, [1]), [3]) }, metadata: metadata)
    #expect(file.metadata == metadata)
    #expect(Set(file.entries.map(\.name)) == Set(hostile))
  }

  @Test func dataStartsAtAMultipleOfEightBytes() throws {
    for length in 1...9 {
      _ = try write([(TensorShape(String(repeating: "x", count: length), [1]), [1])])
      let bytes = try Data(contentsOf: folder.file("written.safetensors"))
      let header = bytes.prefix(8).enumerated().reduce(0) { $0 + Int($1.element) << (8 * $1.offset) }
      #expect(header.isMultiple(of: 8) && bytes.count == 8 + header + 4)
    }
  }

  @Test func missingFolderIsAnError() throws {
    #expect(throws: OperationError.self) {
      try SafetensorsWriter.write([], to: self.folder.file("none/x.safetensors"))
    }
  }
}
