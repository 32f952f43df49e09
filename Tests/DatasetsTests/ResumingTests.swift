import Foundation
import Operations
import Testing

@testable import Datasets

/// Import, clean and pairs go on where they were interrupted, and give what an undisturbed run gives.
@Suite struct ResumingTests {
  typealias Stage = @Sendable (_ input: String, _ output: String, Cancellation, (Int, Int?) -> Void) throws -> Int?

  let folder: TemporaryFolder
  let input: String

  init() throws {
    folder = try TemporaryFolder()
    var generator = SeededGenerator(seed: 5)
    let words = (0..<200).map { "word\($0)" } + Array(EnglishWords.functionWords.sorted().prefix(100))
    var texts: [String] = []
    for number in 0..<120 {
      let isCopy = number % 7 == 6
      let text = (0..<60).map { _ in words[generator.uniform(below: words.count)] }.joined(separator: " ")
      texts.append(isCopy ? texts[number - 3] + " Once more." : number % 11 == 0 ? text : text + ".")
    }
    let rows = texts.enumerated().map { "{\"_id\": \"s\($0)\", \"text\": \"\($1)\"}\n" }.joined()
    try folder.write(rows, to: "d/corpus.jsonl")
    try folder.write("{\"_id\":\"q\",\"text\":\"one\"}\n", to: "d/queries.jsonl")
    try folder.write("query-id\tcorpus-id\tscore\nq\ts1\t1\n", to: "d/qrels/dev.tsv")
    input = folder.file("d")
  }

  static let stages: [String: Stage] = [
    "import": { try DatasetImporter().run([$0], to: $1, cancellation: $2, progress: $3).resumedAfter },
    "clean": { try DatasetCleaner().clean($0, to: $1, cancellation: $2, progress: $3).resumedAfter },
    "pairs": { input, output, cancellation, progress in
      var maker = PairMaker(method: .crop, seed: 3)
      maker.count = 2
      return try maker.make(from: input, to: output, cancellation: cancellation, progress: progress).resumedAfter
    },
  ]

  /// Runs the stage and stops it after so many stories.
  private func interrupt(_ stage: Stage, after stories: Int, to output: String) throws {
    let cancellation = Cancellation()
    var count = 0
    do {
      _ = try stage(input, output, cancellation) { _, _ in
        count += 1
        if count == stories { cancellation.request() }
      }
      Issue.record("not interrupted")
    } catch let error as any DiagnosedError {
      #expect(error.diagnosis.category == .interrupted)
      #expect(error.diagnosis.line.contains("the same command goes on from there"))
    }
    #expect(!FileManager.default.fileExists(atPath: output))
  }

  @Test(arguments: stages.keys.sorted()) func aResumedRunGivesTheSameBytes(name: String) throws {
    let stage = try #require(Self.stages[name])
    #expect(try stage(input, folder.file("whole/out"), Cancellation()) { _, _ in } == nil)
    // Three breaks, and a torn rest behind the second as after a crash.
    for (number, stories) in [1, 40, 7].enumerated() {
      try interrupt(stage, after: stories, to: folder.file("broken/out"))
      guard number == 1 else { continue }
      for file in [".out.partial/corpus.jsonl", ".out.partial/.kept", ".out.partial/more"] {
        let path = folder.file("broken/\(file)")
        let content = (try? Data(contentsOf: URL(fileURLWithPath: path))) ?? Data()
        try (content + Data("{\"_id\": \"to".utf8)).write(to: URL(fileURLWithPath: path))
      }
    }
    #expect(try stage(input, folder.file("broken/out"), Cancellation()) { _, _ in } ?? 0 >= 40)
    #expect(try folder.snapshot(of: "broken") == folder.snapshot(of: "whole"))
  }

  @Test(arguments: stages.keys.sorted()) func anotherInputIsBegunAnew(name: String) throws {
    let stage = try #require(Self.stages[name])
    try interrupt(stage, after: 30, to: folder.file("broken/out"))
    let rows = try folder.text(of: "d/corpus.jsonl").split(separator: "\n").dropLast(2).joined(separator: "\n")
    try folder.write(rows + "\n", to: "d/corpus.jsonl")
    #expect(try stage(input, folder.file("broken/out"), Cancellation()) { _, _ in } == nil)
    _ = try stage(input, folder.file("whole/out"), Cancellation()) { _, _ in }
    #expect(try folder.snapshot(of: "broken") == folder.snapshot(of: "whole"))
  }

  @Test func otherSettingsAreBegunAnew() throws {
    try interrupt(try #require(Self.stages["clean"]), after: 30, to: folder.file("out"))
    var cleaner = DatasetCleaner()
    cleaner.filter.dropsCutOff = false
    let report = try cleaner.clean(input, to: folder.file("out"))
    #expect(report.resumedAfter == nil && report.read == 120)
  }

  @Test func aFolderHasOneMaker() throws {
    let first = try WorkFolder<Int>(folder.file("out"), identity: "x")
    #expect(message { _ = try WorkFolder<Int>(folder.file("out"), identity: "x") }.contains("another process"))
    try first.write("a".utf8, to: "corpus.jsonl")
    try first.commit()
    #expect(try folder.snapshot(of: "out") == ["corpus.jsonl": "a"])
  }

  @Test func workThatFailsLeavesNothing() throws {
    do {
      let work = try WorkFolder<Int>(folder.file("new/out"), identity: "x")
      try work.write("a".utf8, to: "corpus.jsonl")
    }
    #expect(try folder.snapshot(of: "new").isEmpty)
  }
}
