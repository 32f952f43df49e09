import Checkpoints
import Crypto
import Foundation
import Tensors
import Testing

@Suite struct FingerprintTests {
  private let folder: TemporaryFolder
  private let layout = ParameterLayout([TensorShape("z", [2, 1]), TensorShape("a", [3])])

  init() throws { folder = try TemporaryFolder() }

  private func fingerprint(
    _ parameters: ParameterBuffer<Float>, configuration: [String: String] = ["b": "2", "a": "1"],
    tokenizer: String = "tok",
    tensors: [TensorShape]? = nil
  ) -> Fingerprint {
    Fingerprint(
      configuration: configuration, tokenizer: Data(tokenizer.utf8), parameters: parameters,
      tensors: tensors ?? layout.tensors)
  }

  private func parameters() -> ParameterBuffer<Float> {
    let buffer = ParameterBuffer<Float>(layout)
    for (index, value) in ([1, -2] as [Float]).enumerated() { buffer.pointer("z")[index] = value }
    for (index, value) in ([0.5, 0, 8] as [Float]).enumerated() { buffer.pointer("a")[index] = value }
    return buffer
  }

  @Test func isTheDigestThatItsDocumentationSays() {
    var expected = Data("a=1\nb=2\n".utf8)
    expected.append(contentsOf: [3, 0, 0, 0, 0, 0, 0, 0])
    expected.append(Data("tok".utf8))
    expected.append(Data("a 3\n".utf8) + Data(bytes([0.5, 0, 8] as [Float])))
    expected.append(Data("z 2x1\n".utf8) + Data(bytes([1, -2] as [Float])))
    let hex = SHA256.hash(data: expected).map { String(format: "%02x", $0) }.joined()
    #expect(fingerprint(parameters()).hex == hex)
    #expect(fingerprint(parameters()).short == hex.prefix(12))
  }

  @Test func staysTheSameUnderAnotherPathOrderAndType() throws {
    let original = fingerprint(parameters())
    #expect(fingerprint(parameters(), tensors: layout.tensors.reversed()) == original)
    let full = folder.file("full.safetensors")
    try parameters().write(to: full, metadata: ["new": "metadata"])
    #expect(fingerprint(try ParameterBuffer(layout, from: SafetensorsFile(path: full.path))) == original)
    // The same values as BF16 and F16.
    let half = try folder.write(
      safetensors(
        #"{"z":{"dtype":"BF16","shape":[2,1],"data_offsets":[0,4]},"a":{"dtype":"F16","shape":[3],"data_offsets":[4,10]}}"#,
        data: bytes([0x3F80, 0xC000, 0x3800, 0, 0x4800] as [UInt16])))
    #expect(fingerprint(try ParameterBuffer(layout, from: SafetensorsFile(path: half))) == original)
  }

  @Test func changesWithEverythingThatMatters() {
    let changed = parameters()
    changed.pointer("z")[1] = -2.0000002
    let renamed = ParameterBuffer<Float>(ParameterLayout([TensorShape("y", [2, 1]), TensorShape("a", [3])]))
    let all = [
      fingerprint(parameters()), fingerprint(changed), fingerprint(parameters(), configuration: ["a": "1", "b": "3"]),
      fingerprint(parameters(), configuration: ["a": "1"]), fingerprint(parameters(), tokenizer: "tok2"),
      fingerprint(parameters(), tokenizer: ""), fingerprint(parameters(), tensors: [layout.tensors[0]]),
      fingerprint(renamed, tensors: renamed.layout.tensors),
    ]
    #expect(Set(all).count == all.count)
  }
}
