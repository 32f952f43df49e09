import Checkpoints
import Foundation
import Mixers
import Operations
import Tensors
import Testing
import Tokenization

/// What bfloat16 costs in accuracy, on the model and the texts that the package ships.
@Suite struct PrecisionTests {
  private static let folder = ModelFolder(Golden.packageFolder("Models/story-embedder-256"))

  private static func texts(_ name: String, _ count: Int) throws -> [String] {
    struct Row: Decodable { let text: String }
    let handle = try FileHandle(forReadingFrom: Golden.packageFolder("Corpus/tinystories/\(name).jsonl"))
    let head = try handle.read(upToCount: count * 4_000) ?? Data()
    return try head.split(separator: UInt8(ascii: "\n")).prefix(count).map {
      try JSONDecoder().decode(Row.self, from: $0).text
    }
  }

  private static func cosine(_ a: ArraySlice<Float>, _ b: ArraySlice<Float>) -> Double {
    var (dot, aa, bb) = (0.0, 0.0, 0.0)
    for (x, y) in zip(a, b) {
      dot += Double(x) * Double(y)
      aa += Double(x) * Double(x)
      bb += Double(y) * Double(y)
    }
    return dot / (aa * bb).squareRoot()
  }

  @Test(.enabled(if: Precision.bfloat16.isSupported, "the processor multiplies no bfloat16"))
  func embeddingsInBFloat16PointWhereTheOthersDo() throws {
    let exact = try MaskedMixer(Self.folder, precision: .float32)
    let fast = try MaskedMixer(Self.folder, precision: .bfloat16)
    #expect(exact.products.precision == .float32 && fast.products.precision == .bfloat16)
    let tokenizer = try SentencePieceTokenizer(contentsOf: Self.folder.tokenizerURL)
    // A build without optimisation is some fifty times slower.
    #if DEBUG
      let (stories, queries) = (2, 14)
    #else
      let (stories, queries) = (12, 60)
    #endif
    let texts = try Self.texts("corpus", stories) + Self.texts("queries", queries)
    let windows = try texts.map {
      try TokenWindow(tokenizer.encode($0), endOfText: tokenizer.endOfText, configuration: exact.configuration)
    }
    let (expected, found) = (try exact.embed(windows), try fast.embed(windows))
    let width = exact.width
    let cosines = windows.indices.map { index in
      Self.cosine(
        expected[index * width..<(index + 1) * width], found[index * width..<(index + 1) * width])
    }
    #expect(cosines.count == stories + queries)
    #expect(cosines.reduce(0, +) / Double(cosines.count) >= 0.9999)
    #expect((cosines.min() ?? 0) >= 0.9999)
    #expect(found != expected)
  }

  @Test(.enabled(if: !Precision.bfloat16.isSupported, "the processor multiplies bfloat16"))
  func bfloat16IsRefusedWhereTheProcessorLacksIt() {
    let refusal = #expect(throws: MixersError.self) { try MaskedMixer(Self.folder, precision: .bfloat16) }
    #expect(refusal?.diagnosis.category == .environment)
  }
}
