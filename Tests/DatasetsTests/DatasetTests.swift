import Foundation
import Operations
import Testing

@testable import Datasets

@Suite struct DatasetTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  func makeDataset(judgements: String = "query-id\tcorpus-id\tscore\nq1\ts1\t1\nq2\ts2\t2\nq1\ts2\t1\nq2\ts1\t0\n")
    throws
    -> Dataset
  {
    try folder.write("{\"_id\":\"s1\",\"text\":\"One.\"}\n{\"_id\":\"s2\",\"text\":\"Two.\"}\n", to: "d/corpus.jsonl")
    try folder.write("{\"_id\":\"q1\",\"text\":\"one\"}\n{\"_id\":\"q2\",\"text\":\"two\"}\n", to: "d/queries.jsonl")
    try folder.write(judgements, to: "d/qrels/dev.tsv")
    return try Dataset(folder.file("d"))
  }

  @Test func splitHasPositiveJudgementsInFileOrder() throws {
    let split = try makeDataset().split("dev")
    #expect(split.map(\.id) == ["q1", "q2"] && split.map(\.text) == ["one", "two"])
    #expect(split.map(\.relevantIDs) == [["s1", "s2"], ["s2"]])
    #expect(split[1].relevant[0].score == 2)
  }

  @Test func unknownSplitNamesThoseThatExist() throws {
    let dataset = try makeDataset()
    try folder.write("query-id\tcorpus-id\tscore\n", to: "d/qrels/test-hard.tsv")
    #expect(dataset.splitNames == ["dev", "test-hard"])
    #expect(message { try dataset.split("nope") }.contains("no split “nope”: expected dev, test-hard"))
    #expect(message { try dataset.split("../dev") }.contains("no split"))
    #expect(message { try dataset.split("test-hard") }.contains("no query with an answer"))
  }

  @Test(arguments: [
    ("query-id\tcorpus-id\tscore\nq1\ts1\t1\nq9\ts1\t1\n", ":3: the query does not exist"),
    ("query-id\tcorpus-id\tscore\nq1\ts9\t1\n", ":2: the story does not exist"),
    ("query-id\tcorpus-id\tscore\nq1\ts1\n", ":2: malformed judgement"),
    ("query-id\tcorpus-id\tscore\nq1\ts1\tyes\n", ":2: malformed judgement"),
    ("query-id\tcorpus-id\tscore\nq1\ts1\t1\nq1\ts1\t0\n", ":3: the pair was judged before"),
    ("q1\ts 1\t1\n", ":1: the id holds white space"),
  ])
  func badJudgementsNameTheLine(content: String, expected: String) throws {
    let dataset = try makeDataset(judgements: content)
    let text = message { try dataset.split("dev") }
    #expect(text.contains("dev.tsv\(expected)"), "\(text)")
  }

  @Test(arguments: [
    ("{\"_id\":\"q\",\"text\":\"a\"}\n{\"_id\":\"q\",\"text\":\"b\"}\n", ":2: duplicate id"),
    ("{\"text\":\"a\"}\n", ":1: the query has no id"), ("{\"_id\":\"q\",\"text\":\" \"}\n", ":1: the query is empty"),
    ("{\"_id\":\"q\"}\n", ":1: the field “text” is missing"), ("{\n", ":1: malformed JSON"),
  ])
  func badQueriesNameTheLine(content: String, expected: String) throws {
    let dataset = try makeDataset()
    try folder.write(content, to: "d/queries.jsonl")
    #expect(message { try dataset.split("dev") }.contains("queries.jsonl\(expected)"))
  }

  @Test func aFolderWithoutCorpusIsNoDataset() throws {
    #expect(message { try Dataset(folder.file("nowhere")) }.contains("no such dataset folder"))
    #expect(message { try Dataset(folder.path) }.contains("not a dataset folder"))
  }

  @Test func whatIsWrittenIsReadAgain() throws {
    let stories = [
      StoryRecord(
        id: "a", text: "Quote \" slash \\ tab \t bell \u{7} line\nend \u{2028} 😀", title: "T\"",
        metadata: #"{"k":[1,2]}"#, source: SourceLocation(file: "x", line: 1)),
      StoryRecord(id: "b", text: "\u{1F}/", source: SourceLocation(file: "x", line: 2)),
    ]
    var writer = try DatasetFolderWriter(folder.file("out"))
    var corpus = try CorpusWriter(writer.layout.corpus)
    for story in stories { try corpus.write(story) }
    try corpus.commit()
    let queries = [QueryRecord(id: "q", text: "say \"hi\"", metadata: #"{"m":1}"#)]
    try QueryFile.write(queries, to: writer.layout.queries.path)
    try JudgementFile.write([Judgement(queryID: "q", storyID: "b")], to: writer.layout.judgements(of: "all").path)
    #expect(!FileManager.default.fileExists(atPath: folder.file("out")))
    try writer.commit()
    let dataset = try Dataset(folder.file("out"))
    var read: [StoryRecord] = []
    try dataset.stories().forEach { read.append($0) }
    #expect(read.map(\.text) == stories.map(\.text) && read.map(\.metadata) == stories.map(\.metadata))
    #expect(try dataset.queries() == queries)
    #expect(try dataset.split("all")[0].relevantIDs == ["b"])
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["out"])
  }

  @Test func anAbandonedFolderLeavesNothing() throws {
    do {
      let writer = try DatasetFolderWriter(folder.file("out"))
      try QueryFile.write([], to: writer.layout.queries.path)
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }

  @Test func anExistingFolderIsNotOverwritten() throws {
    try folder.write("keep", to: "out/file.txt")
    #expect(message { _ = try DatasetFolderWriter(folder.file("out")) }.contains("exists already"))
    #expect(message { _ = try DatasetFolderWriter(folder.file("out/file.txt")) }.contains("exists already"))
    #expect(try folder.text(of: "out/file.txt") == "keep")
  }

  @Test func hardNegativesSurviveTheRoundTrip() throws {
    let negatives = HardNegatives(rows: [
      .init(queryID: "q\"1", negativeIDs: ["a", "b"]), .init(queryID: "q2", negativeIDs: []),
    ])
    try negatives.write(to: folder.file("n.jsonl"))
    #expect(try HardNegatives(reading: folder.file("n.jsonl")) == negatives)
    let twice = try HardNegatives.byQuery(reading: [folder.file("n.jsonl"), folder.file("n.jsonl")])
    #expect(twice == negatives.byQuery.mapValues { $0 + $0 })
    try folder.write(
      "{\"query_id\":\"q\",\"negative_ids\":[\"a\"]}\n{\"query_id\":\"r\",\"negative_ids\":[1]}\n", to: "bad.jsonl")
    #expect(message { try HardNegatives(reading: folder.file("bad.jsonl")) }.contains("bad.jsonl:2: the field"))
    try folder.write(
      "{\"query_id\":\"q\",\"negative_ids\":[]}\n{\"query_id\":\"q\",\"negative_ids\":[]}\n", to: "twice.jsonl")
    #expect(
      message { try HardNegatives(reading: folder.file("twice.jsonl")) }.contains(
        "twice.jsonl:2: the query comes twice"))
  }
}

@Suite struct TRECRunTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func scoresStrictlyDecreaseAndNativeOnesAreKeptWhereTheyDo() throws {
    var writer = try TRECRunWriter(URL(fileURLWithPath: folder.file("r.trec")), tag: "my run")
    try writer.write(
      RankedQuery(queryID: "q1", entries: [.init(storyID: "a", score: 2.5), .init(storyID: "b", score: -1)]))
    try writer.write(
      RankedQuery(queryID: "q2", entries: [.init(storyID: "b", score: 1), .init(storyID: "a", score: 7)]))
    // Equal in single precision, which many evaluators use.
    try writer.write(
      RankedQuery(queryID: "q3", entries: [.init(storyID: "b", score: 1), .init(storyID: "a", score: 1 - 1e-12)]))
    try writer.commit()
    #expect(
      try folder.text(of: "r.trec") == """
        q1 Q0 a 1 2.5 my-run
        q1 Q0 b 2 -1.0 my-run
        q2 Q0 b 1 2.0 my-run
        q2 Q0 a 2 1.0 my-run
        q3 Q0 b 1 2.0 my-run
        q3 Q0 a 2 1.0 my-run

        """)
    let read = try TRECRun.read(folder.file("r.trec"))
    #expect(read.map(\.queryID) == ["q1", "q2", "q3"])
    #expect(read.map { $0.entries.map(\.storyID) } == [["a", "b"], ["b", "a"], ["b", "a"]])
  }

  @Test(arguments: ["q Q0 d 1 0.5", "q Q0 d 1 x t", "q Q1 d 1 1 t", "q Q0 d 1 nan t", "q Q0 d 1 1 t\nq Q0 d 2 0 t"])
  func malformedRunsNameTheLine(content: String) throws {
    let path = try folder.write("q0 Q0 d 1 1 t\n\(content)\n", to: "bad.trec")
    #expect(message { try TRECRun.read(path) }.hasPrefix("\(path):\(content.contains("\n") ? 3 : 2): "))
  }
}

/// The one-line description of what `body` throws.
func message<Result>(_ body: () throws -> Result) -> String {
  do {
    _ = try body()
    return "no error"
  } catch let error as any DiagnosedError {
    return error.diagnosis.line
  } catch {
    return "undiagnosed: \(error)"
  }
}
