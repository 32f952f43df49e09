import Foundation
import Operations
import Testing

@testable import Datasets

@Suite struct SplitterTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// 60 stories; each of the first 10 has two near-duplicates (20–39); story n has query n, story 0 two more, and
  /// story 59 none.
  func makeDataset(_ name: String = "d") throws -> String {
    func story(_ number: Int) -> String {
      let base = (20..<40).contains(number) ? (number - 20) / 2 : number
      var generator = SeededGenerator(seed: UInt64(base))
      var words = (0..<80).map { _ in "word\(generator.uniform(below: 2000))" }
      if base != number { words[number % 7 + 5] = "other" }
      return words.joined(separator: " ") + "."
    }
    var queries = (0..<59).map { ("q\($0)", "s\($0)") }
    queries += [("q0b", "s0"), ("q0c", "s0")]
    try folder.write(
      (0..<60).map { "{\"_id\":\"s\($0)\",\"text\":\"\(story($0))\"}\n" }.joined(), to: "\(name)/corpus.jsonl")
    try folder.write(
      queries.map { "{\"_id\":\"\($0.0)\",\"text\":\"about \($0.1)\"}\n" }.joined(), to: "\(name)/queries.jsonl")
    try folder.write(
      "query-id\tcorpus-id\tscore\n" + queries.map { "\($0.0)\t\($0.1)\t1\n" }.joined(), to: "\(name)/qrels/all.tsv")
    return folder.file(name)
  }

  @Test func sizesHoldAndNearDuplicatesStayTogether() throws {
    let path = try makeDataset()
    let report = try DatasetSplitter(dev: 8, test: 12, seed: 3).split(path)
    #expect(report.devStories == 8 && report.testStories == 12 && report.trainStories == 39)
    #expect(report.groups == 10 && report.groupedStories == 30 && report.storiesWithoutQuery == 1)
    let dataset = try Dataset(path)
    #expect(dataset.splitNames == ["all", "dev", "test", "train"])
    var place: [String: String] = [:]
    for split in ["train", "dev", "test"] {
      for query in try dataset.split(split) {
        for id in query.relevantIDs {
          #expect(place[id] == nil || place[id] == split)
          place[id] = split
        }
      }
    }
    #expect(place.count == 59)
    for number in 20..<40 { #expect(place["s\(number)"] == place["s\((number - 20) / 2)"]) }
  }

  @Test func aSplitDependsOnTheSeedAloneAndCanBeRepeated() throws {
    let (a, b) = (try makeDataset("a"), try makeDataset("b"))
    _ = try DatasetSplitter(dev: 8, test: 12, seed: 3).split(a)
    _ = try DatasetSplitter(dev: 5, test: 5, seed: 4).split(b)
    #expect(try folder.text(of: "a/qrels/test.tsv") != folder.text(of: "b/qrels/test.tsv"))
    _ = try DatasetSplitter(dev: 8, test: 12, seed: 3).split(b)
    #expect(try folder.snapshot(of: "a") == folder.snapshot(of: "b"))
    // An interruption between the files: only `all` and one new split are there.
    try FileManager.default.removeItem(atPath: folder.file("b/qrels/train.tsv"))
    try FileManager.default.removeItem(atPath: folder.file("b/qrels/dev.tsv"))
    _ = try DatasetSplitter(dev: 8, test: 12, seed: 3).split(b)
    #expect(try folder.snapshot(of: "a") == folder.snapshot(of: "b"))
  }

  @Test func impossibleSplitsAreRefusedAndNothingIsWritten() throws {
    let path = try makeDataset()
    let before = try folder.snapshot()
    #expect(message { try DatasetSplitter(dev: 30, test: 29, seed: 0).split(path) }.contains("too few stories"))
    #expect(message { try DatasetSplitter(dev: -1, test: 2, seed: 0).split(path) }.contains("too few stories"))
    #expect(try folder.snapshot() == before)
    try folder.write("query-id\tcorpus-id\tscore\nq1\ts1\t1\n", to: "d/qrels/test-hard.tsv")
    #expect(message { try DatasetSplitter(dev: 1, test: 1, seed: 0).split(path) }.contains("found test-hard"))
  }

  @Test func aDatasetWithoutQueriesSaysWhatToDo() throws {
    try folder.write("{\"_id\":\"s\",\"text\":\"One.\"}\n", to: "d/corpus.jsonl")
    #expect(
      message { try DatasetSplitter(dev: 1, test: 1, seed: 0).split(folder.file("d")) }.contains(
        "mixer dataset summarize"))
  }

  @Test func storiesOfOneQueryStayTogether() throws {
    let path = try makeDataset()
    try folder.write(
      "query-id\tcorpus-id\tscore\nq40\ts40\t1\nq40\ts41\t1\nq42\ts42\t1\nq43\ts43\t1\nq44\ts44\t1\n",
      to: "d/qrels/all.tsv")
    for seed in 0..<10 {
      _ = try DatasetSplitter(dev: 2, test: 1, seed: UInt64(seed)).split(path)
      let dataset = try Dataset(path)
      let places = try ["train", "dev", "test"].filter { dataset.splitNames.contains($0) }.map {
        Set(try dataset.split($0).flatMap(\.relevantIDs))
      }
      #expect(places.allSatisfy { $0.isSuperset(of: ["s40", "s41"]) || $0.isDisjoint(with: ["s40", "s41"]) })
    }
  }

  @Test func clustersAreTransitive() {
    var clusters = Clusters(count: 6)
    clusters.join(4, 2)
    clusters.join(2, 5)
    clusters.join(0, 1)
    #expect(clusters.groups() == [[0, 1], [2, 4, 5], [3]])
  }
}
