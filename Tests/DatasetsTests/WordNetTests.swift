import Foundation
import Operations
import Testing

@testable import Datasets

@Suite struct WordNetTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A WordNet of five synsets, laid out as the real files are.
  static func makeFixture(_ folder: TemporaryFolder) throws -> String {
    let licence = "  1 This is not the licence.\n  2 It is indented, though.  \n"
    let canine = licence.utf8.count
    let canineLine = "PLACEHOL 05 n 02 canine 0 canid 0 000 | a mammal with teeth; \"wolves are canines\"  \n"
    let dog = canine + canineLine.utf8.count
    func number(_ value: Int) -> String { String(format: "%08d", value) }
    let dogLine =
      "\(number(dog)) 05 n 02 dog 0 domestic_dog 0 001 @ \(number(canine)) n 0000 | a barking pet; \"the dog barked\"  \n"
    let data = licence + canineLine.replacingOccurrences(of: "PLACEHOL", with: number(canine)) + dogLine
    try folder.write(data, to: "wn/data.noun")
    try folder.write(
      licence + "canid n 1 1 ~ 1 0 \(number(canine))  \ncanine n 1 1 ~ 1 1 \(number(canine))  \n"
        + "dog n 1 2 @ ~ 1 1 \(number(dog))  \ndomestic_dog n 1 1 @ 1 0 \(number(dog))  \n", to: "wn/index.noun")
    try folder.write("mice mouse\noxen ox\n", to: "wn/noun.exc")
    for part in ["verb", "adj", "adv"] {
      try folder.write(licence, to: "wn/data.\(part)")
      try folder.write(licence, to: "wn/index.\(part)")
      try folder.write(part == "verb" ? "taken take\ntook take\n" : "", to: "wn/\(part).exc")
    }
    return folder.file("wn")
  }

  @Test func entriesAndSynsetsAreFound() throws {
    let wordNet = try WordNet(folder: Self.makeFixture(folder))
    let dog = try #require(wordNet.entry("dog", .noun))
    #expect(dog.taggedSenses == 1 && dog.synsets.count == 1)
    let synset = try #require(wordNet.synset(dog.synsets[0], .noun))
    #expect(synset.words == ["dog", "domestic dog"] && synset.gloss == "a barking pet")
    #expect(synset.pointers == [.init(symbol: "@", offset: synset.hypernyms[0], partOfSpeech: .noun)])
    #expect(wordNet.synset(synset.hypernyms[0], .noun)?.words == ["canine", "canid"])
    #expect(wordNet.entry("domestic dog", .noun) != nil)
    for missing in ["", "a", "do", "doge", "zebra", "1", " "] { #expect(wordNet.entry(missing, .noun) == nil) }
    #expect(wordNet.entry("dog", .verb) == nil && wordNet.synset(3, .noun) == nil && wordNet.synset(-1, .noun) == nil)
    #expect(wordNet.synset(10_000_000, .noun) == nil)
    #expect(wordNet.exception("oxen", .noun) == "ox")
  }

  @Test func missingFilesAreNamed() {
    #expect(message { try WordNet(folder: folder.file("nowhere")) }.contains("apt-get install wordnet-base"))
  }

  @Test func damagedLinesAreNoSynsets() {
    for line in [
      "", "x", "00000000 05 n", "00000000 05 n 99 dog 0 000 | g", "00000001 05 n 01 dog 0 000 | g",
      "00000000 05 n 01 dog 0 001 @ 3 | g",
    ] {
      #expect(WordNet.Synset(parsing: line, offset: 0) == nil)
    }
  }

  @Test(arguments: [
    ("dog", WordForms.Inflection.plural, WordNet.PartOfSpeech.noun, "dogs"), ("box", .plural, .noun, "boxes"),
    ("fairy", .plural, .noun, "fairies"), ("toy", .plural, .noun, "toys"), ("hot dog", .plural, .noun, "hot dogs"),
    ("stop", .past, .verb, "stopped"), ("look at", .past, .verb, "looked at"), ("like", .progressive, .verb, "liking"),
    ("carry", .past, .verb, "carried"), ("carry", .progressive, .verb, "carrying"),
    ("happy", .superlative, .adjective, "happiest"),
    ("see", .progressive, .verb, "seeing"), ("play", .none, .verb, "play"), ("mouse", .plural, .noun, "mice"),
    ("take", .past, .verb, "took"), ("creature with a shell", .plural, .noun, "creatures with a shell"),
    ("youthful", .comparative, .adjective, "more youthful"), ("have", .thirdPerson, .verb, "has"),
    ("go", .thirdPerson, .verb, "goes"),
  ])
  func lemmasAreInflected(
    lemma: String, inflection: WordForms.Inflection, part: WordNet.PartOfSpeech, expected: String
  ) throws {
    let wordNet = try WordNet(folder: Self.makeFixture(folder))
    #expect(WordForms.inflect(lemma, inflection, part, in: wordNet) == expected)
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: WordNet.defaultFolder + "/index.noun")))
  func theRealWordNetIsRead() throws {
    let wordNet = try WordNet()
    let cookie = try #require(wordNet.entry("cookie", .noun))
    #expect(wordNet.synset(cookie.synsets[0], .noun)?.words == ["cookie", "cooky", "biscuit"])
    #expect(WordForms.baseForm("mice", .noun, in: wordNet)?.lemma == "mouse")
    #expect(WordForms.baseForm("ran", .verb, in: wordNet) == .init(lemma: "run", inflection: .past))
    #expect(WordForms.baseForm("stopping", .verb, in: wordNet) == .init(lemma: "stop", inflection: .progressive))
    #expect(WordForms.baseForm("bigger", .adjective, in: wordNet)?.lemma == "big")
  }
}
