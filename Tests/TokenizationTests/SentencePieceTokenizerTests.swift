import Foundation
import Operations
import Testing
import Tokenization

@Suite struct SentencePieceTokenizerTests {
  private let tokenizer: SentencePieceTokenizer

  init() throws { tokenizer = try Shipped.tokenizer() }

  @Test func shippedModelHasTheVocabularyOfItsConfiguration() throws {
    #expect(tokenizer.vocabularySize == 4_096)
    #expect(tokenizer.unknown == 0 && tokenizer.beginningOfText == 1 && tokenizer.endOfText == 2)
    #expect(tokenizer.modelBytes == (try Data(contentsOf: Shipped.tokenizerURL)))
  }

  @Test func storiesComeBackUnchanged() throws {
    let stories = try Shipped.stories(40)
    #expect(stories.count == 40)
    for story in stories {
      let tokens = try tokenizer.encode(story)
      #expect(tokens.allSatisfy { (0..<4_096).contains($0) })
      #expect(!tokens.contains(1) && !tokens.contains(2))
      #expect(tokens.count < story.utf8.count / 2)
      #expect(try tokenizer.decode(tokens) == story)
    }
  }

  @Test(arguments: [
    "", "\n", "\n\n\n", "\t", "😀👩‍👩‍👧‍👦🇦🇹", "é e\u{301}", "日本語", "\u{0}", "a\u{0}b\u{0}", "</s><s><unk>", "a▁b",
    "<0x41>", "\u{FEFF}bom", "\u{202E}txt", "\u{FFFD}", "x\u{301}\u{302}\u{303}",
  ])
  func hostileTextIsTokenizedWithoutControlTokens(text: String) throws {
    let tokens = try tokenizer.encode(text)
    #expect(tokens.allSatisfy { $0 > 2 && $0 < 4_096 }, "\(tokens)")
    #expect(tokens.isEmpty == text.isEmpty)
    let decoded = try tokenizer.decode(tokens)
    // The character that stands for a space inside the model is the one thing that does not come back.
    #expect(decoded.replacing("▁", with: " ") == text.replacing("▁", with: " "))
  }

  /// The shipped model trims spaces (its training did), so a text of nothing else has nothing to embed.
  @Test(arguments: [" ", "     ", "▁", "▁▁ ▁"]) func spacesAloneAreNoTokens(text: String) throws {
    #expect(try tokenizer.encode(text).isEmpty)
  }

  @Test func megabytesOfTextAreTokenized() throws {
    let story = try Shipped.stories(1)[0]
    let long = String(repeating: story + "\n", count: 1_000_000 / story.utf8.count + 1)
    #expect(try tokenizer.decode(tokenizer.encode(long)) == long)
    let unbroken = String(repeating: "x", count: 1_000_000)
    #expect(try tokenizer.decode(tokenizer.encode(unbroken)) == unbroken)
  }

  @Test func manyThreadsMayShareIt() async throws {
    let stories = try Shipped.stories(8)
    let expected = try stories.map(tokenizer.encode)
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for _ in 0..<4 {
        group.addTask { [tokenizer] in try stories.map(tokenizer.encode) == expected }
      }
      for try await isEqual in group { #expect(isEqual) }
    }
  }

  @Test(arguments: [-1, 4_096, .max, .min] as [Int32]) func tokensOutsideTheVocabularyAreAnError(token: Int32) throws {
    let error = #expect(throws: TokenizerError.self) { try self.tokenizer.decode([5, token]) }
    #expect(error?.diagnosis.category == .badInput)
    #expect(error?.diagnosis.found == "\(token)")
  }

  @Test func piecesAreText() {
    #expect(tokenizer.piece(2) == "</s>")
    #expect((0..<4_096).contains { tokenizer.piece($0) == "▁the" })
  }
}
