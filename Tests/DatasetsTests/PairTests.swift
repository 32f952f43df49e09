import Foundation
import Operations
import Testing

@testable import Datasets

@Suite struct SentencesTests {
  @Test(arguments: [
    ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
    ("\"Stop!\" she said. He did.", ["\"Stop!\" she said.", "He did."]),
    ("She said, \"Stop.\" Then he ran.", ["She said, \"Stop.\"", "Then he ran."]),
    ("Mr. Fox met Dr. Owl. They ate 3.5 pies.", ["Mr. Fox met Dr. Owl.", "They ate 3.5 pies."]),
    ("No end\nNew line... Really?!  Yes.", ["No end", "New line...", "Really?!", "Yes."]),
    ("", []), ("  \n ", []), ("...", ["..."]),
  ])
  func textIsCutIntoSentences(text: String, expected: [String]) {
    #expect(Sentences.split(text).map(String.init) == expected)
  }

  @Test(arguments: [
    ("Lily's dog, the BIG one!", ["lily's", "dog", "the", "big", "one"]),
    ("'quoted' it’s o'", ["quoted", "it's", "o"]),
    ("x2 é — 中文", ["x2", "é", "中文"]), ("", []),
  ])
  func textIsCutIntoWords(text: String, expected: [String]) { #expect(Words.lowercased(text) == expected) }
}

@Suite struct StoryPairsTests {
  let story =
    "Once there was a small dog. He had a ball of red wool. It rolled away one day.\nThe dog was very sad then. A friend brought it back home. They were happy."

  @Test func sentencesAreTakenOut() {
    for seed in 0..<50 {
      var generator = SeededGenerator(seed: UInt64(seed))
      let pairs = StoryPairs.inverseCloze(story, count: 2, keep: 0, minimumWords: 5, &generator)
      #expect(pairs.queries.count == 2)
      for query in pairs.queries {
        #expect(story.contains(query) && !pairs.text.contains(query))
        #expect(Words.lowercased(query).count >= 5)
      }
      #expect(Sentences.split(pairs.text).count == 4)
    }
  }

  @Test func keptSentencesLeaveTheStoryAsItIs() {
    var generator = SeededGenerator(seed: 1)
    let pairs = StoryPairs.inverseCloze(story, count: 3, keep: 1, minimumWords: 5, &generator)
    #expect(pairs.text == story && pairs.queries.count == 3)
    let lead = StoryPairs.lead(story, keep: 0, minimumWords: 5, &generator)
    #expect(lead.queries == ["Once there was a small dog."] && lead.text.hasPrefix("He had a ball"))
    #expect(
      StoryPairs.lead("Once upon. A time there was a dog here. Yes. No.", keep: 0, minimumWords: 5, &generator).queries
        == ["A time there was a dog here."])
  }

  @Test func cropsAreRunsOfWords() {
    var generator = SeededGenerator(seed: 1)
    let pairs = StoryPairs.crop(story, count: 20, words: 3...9, &generator)
    let flat = story.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(pairs.queries.count == 20 && pairs.text == story)
    for query in pairs.queries {
      #expect(flat.contains(query) && (3...9).contains(query.split(separator: " ").count))
    }
  }

  @Test(arguments: ["", "One.", "Short. Ones."]) func shortTextsMakeNoPairs(text: String) {
    var generator = SeededGenerator(seed: 1)
    #expect(
      StoryPairs.inverseCloze(text, count: 2, keep: 0, minimumWords: 5, &generator)
        == StoryPairs(queries: [], text: text))
    #expect(StoryPairs.lead(text, keep: 0, minimumWords: 5, &generator).queries.isEmpty)
    #expect(StoryPairs.crop(text, count: 2, words: 8...32, &generator).queries.isEmpty)
  }
}

@Suite struct PairMakerTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  func makeDataset(count: Int, name: String = "d") throws -> String {
    let lines = (0..<count).map {
      "{\"_id\":\"s\($0)\",\"text\":\"Once there was a dog number \($0). He liked to play with it. They were all very happy then. The end came much too soon.\"}\n"
    }
    try folder.write(lines.joined() + "{\"_id\":\"tiny\",\"text\":\"Tiny.\"}\n", to: "\(name)/corpus.jsonl")
    return folder.file(name)
  }

  @Test(arguments: [PairMethod.inverseCloze, .lead, .crop]) func pairsAreADatasetThatCanBeSplit(method: PairMethod)
    throws
  {
    var maker = PairMaker(method: method, seed: 7)
    maker.cropWords = 3...6
    maker.count = 2
    let report = try maker.make(from: makeDataset(count: 10), to: folder.file("out"))
    #expect(report.stories == 11 && report.storiesWithoutQuery == 1)
    #expect(report.queries == (method == .lead ? 10 : 20))
    let dataset = try Dataset(folder.file("out"))
    #expect(try dataset.split("all").count == report.queries)
    #expect(try dataset.split("all")[0].id == "s0~\(method.queryIDInitial)1")
    #expect(try dataset.storyIDs().count == 11)
    var splitter = DatasetSplitter(dev: 2, test: 2, seed: 1)
    splitter.nearDuplicateThreshold = nil
    #expect(try splitter.split(folder.file("out")).trainStories == 6)
  }

  @Test func theSeedDecidesAndOtherStoriesDoNot() throws {
    let (small, large) = (try makeDataset(count: 5, name: "small"), try makeDataset(count: 9, name: "large"))
    _ = try PairMaker(method: .inverseCloze, seed: 1).make(from: small, to: folder.file("a"))
    _ = try PairMaker(method: .inverseCloze, seed: 1).make(from: small, to: folder.file("b"))
    _ = try PairMaker(method: .inverseCloze, seed: 2).make(from: small, to: folder.file("c"))
    _ = try PairMaker(method: .inverseCloze, seed: 1).make(from: large, to: folder.file("e"))
    #expect(try folder.snapshot(of: "a") == folder.snapshot(of: "b"))
    #expect(try folder.snapshot(of: "a") != folder.snapshot(of: "c"))
    #expect(try Dataset(folder.file("e")).queries().prefix(5) == Dataset(folder.file("a")).queries()[...])
  }

  @Test func paraphrasesNeedWordNet() throws {
    let path = try makeDataset(count: 3)
    #expect(
      message { try PairMaker(method: .paraphrase, seed: 1).make(from: path, to: folder.file("out")) }.contains(
        "apt-get install wordnet-base"))
    #expect(!FileManager.default.fileExists(atPath: folder.file("out")))
  }

  /// A dataset of two stories with a query each, of train and of dev.
  func makeQueries() throws -> String {
    let path = try makeDataset(count: 2)
    try folder.write(
      "{\"_id\":\"q\",\"text\":\"Rex the dog likes a toy.\"}\n{\"_id\":\"r\",\"text\":\"Zog has a dog.\"}\n",
      to: "d/queries.jsonl")
    try folder.write("query-id\tcorpus-id\tscore\nq\ts1\t1\n", to: "d/qrels/train.tsv")
    try folder.write("query-id\tcorpus-id\tscore\nr\ts0\t1\n", to: "d/qrels/dev.tsv")
    return path
  }

  @Test func paraphrasesComeFromTheTrainQueriesAlone() throws {
    let path = try makeQueries()
    let wordNet = try WordNet(folder: WordNetTests.makeFixture(folder))
    var maker = PairMaker(method: .paraphrase, seed: 1)
    maker.count = 20
    let report = try maker.make(from: path, to: folder.file("out"), wordNet: wordNet)
    #expect(report.storiesWithoutQuery == 2)
    let output = try Dataset(folder.file("out"))
    #expect(output.splitNames == ["train"])
    let split = try output.split("train")
    #expect(split.count > 3 && Set(split.map(\.text)).count == split.count)
    #expect(split.allSatisfy { $0.relevantIDs == ["s1"] && !$0.text.contains("Rex") && $0.text.hasPrefix("A ") })
    for word in ["canine", "hound", "pup"] { #expect(split.contains { $0.text.contains(word) }, "\(word)") }
    maker.seed = 2
    _ = try maker.make(from: path, to: folder.file("other"), wordNet: wordNet)
    #expect(try folder.text(of: "other/queries.jsonl") != folder.text(of: "out/queries.jsonl"))
    maker.seed = 1
    _ = try maker.make(from: path, to: folder.file("again"), wordNet: wordNet)
    #expect(try folder.snapshot(of: "again") == folder.snapshot(of: "out"))
  }

  @Test func anotherSplitOrTheSentencesCanBeParaphrased() throws {
    let path = try makeQueries()
    let wordNet = try WordNet(folder: WordNetTests.makeFixture(folder))
    var maker = PairMaker(method: .paraphrase, seed: 1)
    maker.split = "dev"
    _ = try maker.make(from: path, to: folder.file("dev"), wordNet: wordNet)
    #expect(try Dataset(folder.file("dev")).split("dev").map(\.relevantIDs) == [["s0"]])
    maker.split = "none"
    #expect(
      message { try maker.make(from: path, to: folder.file("none"), wordNet: wordNet) }.contains("expected dev, train"))
    maker.split = nil
    maker.source = .sentences
    #expect(try maker.make(from: path, to: folder.file("all"), wordNet: wordNet).queries == 2)
    #expect(try Dataset(folder.file("all")).splitNames == ["all"])
    maker.split = "dev"
    _ = try maker.make(from: path, to: folder.file("dev-sentences"), wordNet: wordNet)
    #expect(try Dataset(folder.file("dev-sentences")).split("dev").map(\.relevantIDs) == [["s0"]])
  }

  @Test func omissionsAreTheQueriesWithoutSomeOfTheirWords() throws {
    let path = try makeQueries()
    var maker = PairMaker(method: .omission, seed: 3)
    maker.count = 5
    maker.omissionProbability = 0.3...0.6
    _ = try maker.make(from: path, to: folder.file("out"))
    let whole = try Dataset(path).split("train")
    let queries = try Dataset(folder.file("out")).split("train")
    #expect(queries.count > 3 && Set(queries.map(\.text)).count == queries.count)
    for query in queries {
      let original = try #require(whole.first { $0.relevantIDs == query.relevantIDs }).text.split(separator: " ")
      var rest = original[...]
      for word in query.text.split(separator: " ") {
        let place = try #require(rest.firstIndex(of: word), "\(query.text)")
        rest = rest[(place + 1)...]
      }
      #expect(query.id.contains("~o"))
    }
    #expect(queries.contains { query in !whole.contains { $0.text == query.text } })
  }

  @Test func pairsOfASplitAreMadeOfItsStoriesAlone() throws {
    var maker = PairMaker(method: .inverseCloze, seed: 1)
    maker.keepProbability = 1
    maker.split = "dev"
    #expect(try maker.make(from: makeQueries(), to: folder.file("out")).stories == 1)
    let dataset = try Dataset(folder.file("out"))
    #expect(try dataset.splitNames == ["dev"] && dataset.storyIDs() == ["s0"])
  }
}
