import Foundation
import Operations
import Testing
import Tokenization

@Suite struct SentencePieceTrainerTests {
  private static func train(vocabularySize: Int, _ sentences: [String]) throws -> Data {
    var rest = sentences.makeIterator()
    return try SentencePieceTrainer.train(vocabularySize: vocabularySize) { rest.next() }
  }

  @Test func trainsATinyTokenizerFromAStream() throws {
    let sentences = try Shipped.stories(30).flatMap { $0.split(separator: "\n").map(String.init) }
    let model = try Self.train(vocabularySize: 400, sentences)
    let tokenizer = try SentencePieceTokenizer(modelBytes: model)
    #expect(tokenizer.vocabularySize == 400)
    #expect(tokenizer.unknown == 0 && tokenizer.beginningOfText == 1 && tokenizer.endOfText == 2)
    for text in sentences.prefix(5) + ["unseen 😀 bytes\n\n"] {
      #expect(try tokenizer.decode(tokenizer.encode(text)) == text)
    }
    #expect(try Self.train(vocabularySize: 400, sentences) == model, "training is repeatable")
  }

  @Test func errorsOfTheStreamComeThrough() {
    struct Broken: Error {}
    var count = 0
    #expect(throws: Broken.self) {
      _ = try SentencePieceTrainer.train(vocabularySize: 300) {
        count += 1
        if count > 3 { throw Broken() }
        return "Once upon a time there was a cat."
      }
    }
    #expect(count == 4)
  }

  @Test func vocabularyBeyondTheTextIsAnErrorWithAHint() {
    let error = #expect(throws: TokenizerError.self) {
      _ = try Self.train(vocabularySize: 20_000, ["Once upon a time."])
    }
    #expect(error?.diagnosis.category == .badInput)
    #expect(error?.diagnosis.hint != nil)
  }

  @Test(arguments: [-1, 0, 1, 258]) func vocabularyBelowTheBytesIsAnError(size: Int) {
    #expect(throws: TokenizerError.self) { _ = try Self.train(vocabularySize: size, ["Once upon a time."]) }
  }

  @Test func emptyStreamIsAnError() {
    #expect(throws: TokenizerError.self) { _ = try Self.train(vocabularySize: 300, []) }
  }
}
