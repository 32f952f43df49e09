import Operations
import Testing

@testable import Datasets

@Suite struct DefinitionPairsTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func wordsMeetTheirDefinitions() throws {
    let wordNet = try WordNet(folder: WordNetTests.makeFixture(folder))
    let report = try DefinitionPairs().write(wordNet, to: folder.file("definitions"))
    #expect(report.pairs == 2)
    let dataset = try Dataset(folder.file("definitions"))
    let pairs = try dataset.split("train")
    #expect(pairs.map(\.text) == ["canine, canid: wolves are canines", "dog, domestic dog: the dog barked"])
    var definitions: [String: String] = [:]
    try dataset.stories().forEach { definitions[$0.id] = $0.text }
    #expect(pairs.map { definitions[$0.relevantIDs[0]] } == ["a mammal with teeth", "a barking pet"])
  }

  @Test func remarksAndQuotationMarksAreTakenOff() throws {
    let line =
      "00000042 05 n 01 fox 0 000 | (zoology) a sly animal; lives in a den; \"the fox ran\"; \"foxes, too, \"sleep\"\""
    let synset = try #require(WordNet.DefinedSynset(parsing: line))
    #expect(synset.definition == "a sly animal; lives in a den")
    #expect(synset.examples == ["the fox ran", "foxes, too, \"sleep"])
    #expect(WordNet.DefinedSynset(parsing: "  1 This is the licence | of it.") == nil)
  }

  @Test func namesAndTheRarestAreLeftOut() throws {
    let path = try WordNetTests.makeFixture(folder)
    let entries = ["Rex", "b12", "x", "obscurum"].enumerated().map { number, word in
      "PLACE\(number) 05 n 01 \(word) 0 000 | a thing\(number == 2 ? "; \"an x\"" : "")"
    }
    var data = "  1 licence\n"
    for (number, entry) in entries.enumerated() {
      let offset = String(repeating: "0", count: 8 - "\(data.utf8.count)".count) + "\(data.utf8.count)"
      data += entry.replacing("PLACE\(number)", with: offset) + "\n"
    }
    try folder.write(data, to: "wn/data.noun")
    let report = try DefinitionPairs().write(WordNet(folder: path), to: folder.file("definitions"))
    #expect(report == DefinitionPairs.Report(pairs: 0, leftOut: 4))
  }
}
