import Foundation
import Operations
import Testing

@testable import Datasets

@Suite struct ImportTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func severalSourcesBecomeOneCorpus() throws {
    let text = try folder.write("One.\n<|endoftext|>\nTwo.\n<|endoftext|>\nOne.", to: "a.txt")
    let rows = try folder.write("{\"_id\":\"x\",\"text\":\"Three.\"}\n{\"text\":\"Two.\"}\n", to: "b.jsonl")
    let report = try DatasetImporter().run([text, rows], to: folder.file("deep/out"))
    #expect(report.stories == 3 && report.duplicatesMerged == 2)
    #expect(
      try folder.text(of: "deep/out/corpus.jsonl") == """
        {"_id": "\(StoryIdentifier.contentHash(of: "One."))", "title": "", "text": "One."}
        {"_id": "\(StoryIdentifier.contentHash(of: "Two."))", "title": "", "text": "Two."}
        {"_id": "x", "title": "", "text": "Three."}

        """)
    #expect(try folder.snapshot(of: "deep").count == 1)
  }

  @Test func importingAnImportGivesTheSameBytes() throws {
    let text = try folder.write("Ünïcode \"quoted\"\tone.\n<|endoftext|>\nTwo 😀.", to: "a.txt")
    _ = try DatasetImporter().run([text], to: folder.file("one"))
    _ = try DatasetImporter().run([folder.file("one")], to: folder.file("two"))
    #expect(try folder.snapshot(of: "one") == folder.snapshot(of: "two"))
  }

  @Test func aDatasetKeepsItsQueries() throws {
    try folder.write("{\"_id\":\"s\",\"text\":\"One.\"}\n", to: "d/corpus.jsonl")
    try folder.write("{\"_id\":\"q\",\"text\":\"one\"}\n", to: "d/queries.jsonl")
    try folder.write("query-id\tcorpus-id\tscore\nq\ts\t1\n", to: "d/qrels/dev.tsv")
    #expect(try DatasetImporter().run([folder.file("d")], to: folder.file("out")).queries == 1)
    #expect(try Dataset(folder.file("out")).split("dev")[0].relevantIDs == ["s"])
    try folder.write("query-id\tcorpus-id\tscore\nq\tother\t1\n", to: "d/qrels/dev.tsv")
    #expect(
      message { try DatasetImporter().run([folder.file("d")], to: folder.file("bad")) }.contains(
        "dev.tsv:2: the story does not exist"))
    #expect(!FileManager.default.fileExists(atPath: folder.file("bad")))
  }

  @Test func aBadRowStopsTheRunAndLeavesNothing() throws {
    let rows = try folder.write("{\"text\":\"a\"}\n{\"text\":}\n", to: "b.jsonl")
    #expect(message { try DatasetImporter().run([rows], to: folder.file("out")) }.contains("b.jsonl:2: malformed JSON"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["b.jsonl"])
    var options = CorpusOptions()
    options.skipInvalid = true
    let report = try DatasetImporter(options: options).run([rows], to: folder.file("out"))
    #expect(report.invalidSkipped == 1 && report.stories == 1 && report.skippedExamples.count == 1)
  }
}
