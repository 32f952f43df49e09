import Foundation
import Operations
import Testing
import Tokenization

@Suite struct BadModelTests {
  @Test func missingFileIsNotFound() {
    let url = URL(fileURLWithPath: "/nonexistent/tokenizer.model")
    let error = #expect(throws: TokenizerError.self) { try SentencePieceTokenizer(contentsOf: url) }
    #expect(error?.diagnosis.category == .notFound)
    #expect(error?.diagnosis.location == url.path)
  }

  @Test func emptyBytesAreNoModel() {
    let error = #expect(throws: TokenizerError.self) {
      try SentencePieceTokenizer(modelBytes: Data(), location: "here")
    }
    #expect(error?.diagnosis.category == .badInput)
    #expect(error?.diagnosis.location == "here")
  }

  @Test func randomBytesAreNoModel() {
    var generator = SeededGenerator(seed: 1)
    for length in [1, 2, 7, 64, 1_000] {
      let bytes = Data((0..<length).map { _ in UInt8(truncatingIfNeeded: generator.next()) })
      #expect(throws: TokenizerError.self) { try SentencePieceTokenizer(modelBytes: bytes) }
    }
  }

  /// A cut model is refused, or, where the cut falls between two pieces, is a smaller one that still works.
  @Test func truncatedModelNeverCrashes() throws {
    let whole = try Data(contentsOf: Shipped.tokenizerURL)
    var refused = 0
    for length in stride(from: 1, to: whole.count, by: whole.count / 37) {
      do {
        let tokenizer = try SentencePieceTokenizer(modelBytes: whole.prefix(length))
        #expect(tokenizer.vocabularySize < 4_096)
        _ = try? tokenizer.encode("Once upon a time.")
      } catch let error as TokenizerError {
        #expect(!error.description.contains("\n"))
        refused += 1
      }
    }
    #expect(refused > 20)
  }
}
