import Mixers
import Operations
import Testing

@Suite struct TokenWindowTests {
  private func configuration(appendsEndOfText: Bool) -> MaskedMixerConfiguration {
    MaskedMixerConfiguration(
      vocabularySize: 100, hiddenSize: 4, blockCount: 1, contextLength: 6, appendsEndOfText: appendsEndOfText)
  }

  private func window(_ tokens: [Int32], appendsEndOfText: Bool = false, endOfText: Int32? = 2) throws -> TokenWindow {
    try TokenWindow(tokens, endOfText: endOfText, configuration: configuration(appendsEndOfText: appendsEndOfText))
  }

  @Test(arguments: [2, 5, 6]) func textsThatFitAreWhole(count: Int) throws {
    let tokens = (0..<Int32(count)).map { $0 + 10 }
    let whole = try window(tokens)
    #expect(whole.tokens == tokens && !whole.isTruncated)
  }

  @Test(arguments: [7, 900]) func longerTextsAreCutAndSaySo(count: Int) throws {
    let cut = try window((0..<Int32(count)).map { $0 % 90 + 10 })
    #expect(cut.tokens == [10, 11, 12, 13, 14, 15] && cut.isTruncated)
  }

  @Test func endOfTextIsAppendedWithinTheContext() throws {
    let short = try window([7], appendsEndOfText: true)
    #expect(short.tokens == [7, 2] && !short.isTruncated)
    let full = try window([3, 4, 5, 6, 7], appendsEndOfText: true)
    #expect(full.tokens == [3, 4, 5, 6, 7, 2] && !full.isTruncated)
    let cut = try window([3, 4, 5, 6, 7, 8], appendsEndOfText: true)
    #expect(cut.tokens == [3, 4, 5, 6, 7, 2] && cut.isTruncated)
  }

  @Test func tooFewTokensAreAnError() {
    for (tokens, appends) in [([], false), ([], true), ([5], false)] as [([Int32], Bool)] {
      let error = #expect(throws: MixersError.self) { try self.window(tokens, appendsEndOfText: appends) }
      #expect(error?.diagnosis.category == .badInput)
      #expect(error?.description.contains("too short") == true)
    }
  }

  @Test(arguments: [-1, 100, .max] as [Int32]) func strayTokensAreAnError(stray: Int32) {
    let error = #expect(throws: MixersError.self) { try self.window([5, stray, 6]) }
    #expect(error?.diagnosis.found == "\(stray)")
  }

  @Test func strayTokensBeyondTheCutDoNotMatter() throws {
    #expect(try window([3, 4, 5, 6, 7, 8, 5_000]).isTruncated)
  }

  @Test func tokenizerWithoutTheEndIsAnErrorOnlyWhenItIsNeeded() throws {
    #expect(throws: MixersError.self) { try self.window([5, 6], appendsEndOfText: true, endOfText: nil) }
    #expect(try window([5, 6], endOfText: nil).tokens == [5, 6])
  }
}
