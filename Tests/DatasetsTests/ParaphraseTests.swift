import Foundation
import Operations
import Testing

@testable import Datasets

@Suite struct ParaphraseTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func namesAreThoseNeverWrittenSmall() {
    let names = NameFinder(story: "Rose met Tom. Then Tom and Rose saw a rose. Suddenly Max came. \"Max!\" said Tom.")
    #expect(names.isName("Tom", isFirst: true) && names.isName("Max", isFirst: true))
    #expect(!names.isName("Rose", isFirst: true) && names.isName("Rose", isFirst: false))
    #expect(
      !names.isName("Then", isFirst: true) && !names.isName("tom", isFirst: false) && !names.isName("I", isFirst: false)
    )
  }

  @Test(arguments: [
    ("Lily, Ben and Sam's dogs see Mrs Crow.", ["Lily", "Ben", "Sam", "Mrs"]), ("Rex the dog hid.", ["Rex", "the"]),
    ("A girl named Lily hid.", ["Lily", "named"]), ("His dog Max hid.", ["Max"]),
    ("Curious Tim hid from Sam.", ["Tim", "Sam"]),
    ("Mimi, a chubby cat, hid.", ["Mimi", "chubby cat,"]),
  ])
  func namesGo(text: String, gone: [String]) throws {
    var paraphraser = Paraphraser(wordNet: try WordNet(folder: WordNetTests.makeFixture(folder)))
    let names = NameFinder(story: "Here are Lily, Ben, Sam, Tim, Rex, Max and Mimi with Mrs Crow.")
    for seed in 0..<20 {
      var generator = SeededGenerator(seed: UInt64(seed))
      let paraphrase = paraphraser.paraphrase(text, names: names, &generator)
      #expect(gone.prefix(1).allSatisfy { !paraphrase.contains($0) }, "\(paraphrase)")
      #expect(paraphrase.hasSuffix(".") && paraphrase.first?.isUppercase == true && !paraphrase.contains("  "))
    }
  }

  @Test(arguments: ["She said, \"Go!\" and (then) left.", "It's the dog's red-hot toy: 5 of them.", "Plain."])
  func tokensJoinAgain(text: String) { #expect(Token.join(Token.split(text)) == text) }

  @Test func anArticleFitsTheWordPutBehindIt() {
    let tokens: [Token] = [
      .word("a", isFixed: false), .word("animal", isFixed: true), .word("an", isFixed: false),
      .word("unicorn", isFixed: true), .word("a", isFixed: false), .word("owl", isFixed: false),
    ]
    #expect(Token.join(tokens) == "An animal a unicorn a owl")
  }
}

@Suite struct StoryThesaurusTests {
  private static let tables = [
    StoryThesaurus.beings, StoryThesaurus.places, StoryThesaurus.things, StoryThesaurus.verbs,
    StoryThesaurus.adjectives, StoryThesaurus.others,
  ]

  @Test(arguments: tables) func everyLineIsAWordWithOtherWords(table: String) {
    var seen: Set<Substring> = []
    for line in table.split(separator: "\n") {
      let halves = line.split(separator: ":", omittingEmptySubsequences: false)
      #expect(halves.count == 2 && halves[0].allSatisfy { $0.isLowercase || $0 == " " }, "\(line)")
      #expect(seen.insert(halves[0]).inserted, "\(line)")
      let alternatives = halves[1].split(separator: ",", omittingEmptySubsequences: false).map { String($0).trimmed }
      #expect(alternatives.allSatisfy { !$0.isEmpty && $0 != halves[0] }, "\(line)")
      #expect(Set(alternatives).count == alternatives.count, "\(line)")
    }
  }

  @Test func wordsAreFoundAsTheirPartOfSpeech() {
    #expect(StoryThesaurus.alternatives(for: "bird", .noun).contains("feathered creature"))
    #expect(StoryThesaurus.alternatives(for: "bird", .verb).isEmpty)
    #expect(StoryThesaurus.isBeing("bird") && !StoryThesaurus.isBeing("ball"))
  }
}

/// What WordNet's own relations give; needs Debian's wordnet-base.
@Suite(.enabled(if: FileManager.default.fileExists(atPath: WordNet.defaultFolder + "/index.noun")))
struct WordAlternativesTests {
  private func texts(_ lemma: String, _ part: WordNet.PartOfSpeech) throws -> Set<String> {
    let wordNet = try WordNet()
    let entry = try #require(wordNet.entry(lemma, part))
    let choices = WordAlternatives(wordNet: wordNet).choices(for: entry)
    #expect(choices.allSatisfy { $0.weight > 0 && $0.text != lemma })
    return Set(choices.map(\.text))
  }

  @Test func everyRelationIsFollowed() throws {
    // A synonym, a more general word, one two levels up, a kind far up.
    #expect(
      try texts("violin", .noun).isSuperset(of: [
        "fiddle", "bowed stringed instrument", "stringed instrument", "device",
      ]))
    #expect(try texts("stroll", .verb).contains("walk"))
    #expect(try texts("walk", .verb).contains("stroll"))
    #expect(try texts("joyous", .adjective).contains("elated"))
    #expect(try !texts("violin", .noun).contains("entity"))
  }

  @Test func aSentenceIsRewrittenAlmostWhole() throws {
    var paraphraser = Paraphraser(wordNet: try WordNet())
    let names = NameFinder(story: "Then Tim sat down.")
    var seen: Set<String> = []
    for seed in 0..<50 {
      var generator = SeededGenerator(seed: UInt64(seed))
      let text = paraphraser.paraphrase("Tim finds a tiny kitten under the wooden bridge.", names: names, &generator)
      #expect(!text.contains("Tim"))
      seen.formUnion(Words.lowercased(text))
    }
    #expect(seen.isSuperset(of: ["lad", "feline", "minuscule", "discovers", "timber", "crossing", "beneath"]))
  }
}
