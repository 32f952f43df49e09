import Foundation
import Testing

@testable import Datasets

@Suite struct StatisticsTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func countsAndOverlapAreThoseOfTheTexts() throws {
    try folder.write(
      "{\"_id\":\"a\",\"text\":\"The red dog ran. The dog sat.\"}\n{\"_id\":\"b\",\"text\":\"A cat slept.\"}\n",
      to: "d/corpus.jsonl")
    try folder.write(
      "{\"_id\":\"q\",\"text\":\"The dog barked\"}\n{\"_id\":\"r\",\"text\":\"felines\"}\n", to: "d/queries.jsonl")
    try folder.write("query-id\tcorpus-id\tscore\nq\ta\t1\nr\tb\t1\n", to: "d/qrels/dev.tsv")
    let statistics = try DatasetStatistics(of: Dataset(folder.file("d")))
    #expect(statistics.stories == 2 && statistics.queries == 2 && statistics.splits == ["dev": 2])
    #expect(
      statistics.storyLengths?.minimum == 4 && statistics.storyLengths?.maximum == 9
        && statistics.storyLengths?.mean == 6.5)
    #expect(statistics.distinctWords == 8 && statistics.wordsSeenOnce == 6)
    #expect(statistics.queryWordsInStories == 0.5)
    let overlap = try #require(statistics.overlap["dev"])
    #expect(overlap.pairs == 2 && overlap.disjoint == 0.5)
    #expect(abs(overlap.words - 1.0 / 3) < 1e-12 && overlap.contentWords == 0.25)
    #expect(statistics.lengthUnit == "words and marks")
    #expect(try DatasetStatistics(of: Dataset(folder.file("d")), tokenCount: { $0.count }).storyLengths?.minimum == 12)
  }

  @Test func histogramsCountEveryValueOnce() {
    for values in [[0], [3, 3, 3], Array(0..<1000), [1, 1_000_000], []] {
      let histogram = Histogram(values)
      #expect(histogram.bins.count <= 24 && histogram.bins.reduce(0) { $0 + $1.count } == values.count)
      for bin in histogram.bins { #expect(bin.count == values.count { $0 >= bin.from && $0 < bin.below }) }
    }
    #expect(Histogram([]).terminalLines().isEmpty)
    #expect(Histogram([0, 0, 1, 1, 1, 1]).terminalLines(columns: 4) == ["0  ██  2", "1  ████  4"])
  }

  @Test func theDrawingIsWellFormed() throws {
    let svg = HistogramSVG.draw([
      ("Stories <&>", "tokens", Histogram([1, 5, 30])), ("Queries", "tokens", Histogram([])),
    ])
    #expect(svg.contains("Stories &lt;&amp;&gt;") && svg.hasSuffix("</svg>\n"))
    #expect(
      svg.components(separatedBy: "<rect").count - 1 == svg.components(separatedBy: "/>").count
        + svg.components(separatedBy: "</rect>").count - 2 - 2)
  }
}

@Suite struct MinerTests {
  struct Source: NegativeSource {
    var ranking: [String]
    func ranked(query: String, depth: Int) throws -> [String] { Array(ranking.prefix(depth)) }
  }

  func query(_ answers: [String]) -> JudgedQuery {
    JudgedQuery(id: "q", text: "t", relevant: answers.map { Judgement(queryID: "q", storyID: $0) })
  }

  @Test func answersAreNeverNegativesAndRanksAreCountedWithThem() throws {
    let source = Source(ranking: ["a", "b", "c", "d", "e", "f"])
    let (negatives, report) = try HardNegativeMiner(ranks: 2...4).mine([query(["c", "z"])], from: source)
    #expect(negatives.rows == [.init(queryID: "q", negativeIDs: ["b", "d"])])
    #expect(report.negatives == 2 && report.answersFound == 1 && report.meanAnswerRank == 3)
    #expect(try HardNegativeMiner(ranks: 7...9).mine([query(["c"])], from: source).report.queriesWithoutNegatives == 1)
  }

  @Test func ranksAreRead() throws {
    #expect(try HardNegativeMiner(ranks: "2-50").ranks == 2...50)
    for bad in ["", "5", "0-3", "9-2", "a-b", "1-2-3"] {
      #expect(throws: DatasetError.self) { try HardNegativeMiner(ranks: bad) }
    }
  }
}

@Suite(.enabled(if: PNGPicture.isAvailable)) struct PNGPictureTests {
  @Test func aDrawingBecomesAPictureOfTwiceItsSize() throws {
    let folder = try TemporaryFolder()
    let svg =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"30\" height=\"20\"><rect width=\"9\" height=\"9\"/></svg>"
    let url = URL(fileURLWithPath: folder.file("a.png"))
    #expect(try PNGPicture.draw(svg, to: url))
    let bytes = [UInt8](try Data(contentsOf: url))
    #expect(bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]) && Array(bytes[16..<24]) == [0, 0, 0, 60, 0, 0, 0, 40])
    #expect(message { try PNGPicture.draw("no drawing", to: url) }.contains("cannot draw the picture"))
    #expect([UInt8](try Data(contentsOf: url)) == bytes)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a.png"])
  }
}
