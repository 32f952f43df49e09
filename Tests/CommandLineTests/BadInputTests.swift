import Foundation
import TestSupport
import Testing

/// What goes wrong by the user's hand gets exit code 2 and one line that names it.
@Suite struct BadInputTests {
  private let fixture: StoreFixture

  init() throws { fixture = try StoreFixture() }

  @Test func aMissingFileIsNamed() throws {
    let missing = fixture.folder.path("missing")
    try expectRefusal(["dataset", "import", "--input", missing, "--output", output], "\(missing): no such file")
    try expectRefusal(["dataset", "clean", "--dataset", missing, "--dry-run"], "\(missing): no such dataset folder")
    try expectRefusal(["query", "--store", missing, "a bird"], "\(missing): there is no store")
    try expectRefusal(["store", "info", "--store", missing], "\(missing): there is no store")
    try expectRefusal(["tokenizer", "inspect", "--model", missing, "a bird"], missing)
    #expect(!FileManager.default.fileExists(atPath: missing))
  }

  @Test func aMissingModelFolderIsNamed() throws {
    let missing = fixture.folder.path("no-model")
    try expectRefusal(["index", "--corpus", fixture.corpus, "--store", output, "--model", missing], missing)
    try expectRefusal(["model", "info", missing], missing)
    try expectRefusal(["generate", "--model", missing, "Once"], missing)
  }

  @Test func aMalformedRowIsNamedWithItsLine() throws {
    let rows = try fixture.folder.write("{\"text\":\"a\"}\n{\"text\":\"b\"}\n{\"text\":}\n", to: "rows.jsonl")
    try expectRefusal(["dataset", "import", "--input", rows, "--output", output], "\(rows):3: malformed JSON")
    try expectRefusal(
      ["index", "--corpus", rows, "--store", output, "--model", fixture.model], "\(rows):3: malformed JSON")
  }

  @Test func anUnknownModeIsAnsweredWithTheKnownOnes() throws {
    try expectRefusal(
      ["query", "--store", fixture.store, "--mode", "guess", "a bird"],
      "expected auto, two-stage, tournament, bm25, cosine, projection, hybrid, found \"guess\"")
  }

  @Test func aQueryNeedsWordsAndRoomForAnAnswer() throws {
    let query = ["query", "--store", fixture.store, "--mode", "bm25"]
    try expectRefusal(query + ["-k", "0", "a bird"], "expected at least 1, found 0")
    try expectRefusal(query + [""], "the query is empty")
    try expectRefusal(query + [" \n "], "the query is empty")
    try expectRefusal(query + ["-"], "the query is empty")
  }

  @Test func anUnknownSplitIsAnsweredWithTheKnownOnes() throws {
    let dataset = Repository.path("Corpus/tinystories")
    try expectRefusal(
      ["evaluate", "--dataset", dataset, "--split", "none", "--store", fixture.store], "expected dev, dev-hard, test")
  }

  /// Usage takes more lines: what is wrong, how the command goes, where to read on.
  @Test func badUsageShowsTheUsage() throws {
    for arguments in [["frobnicate"], ["query"], ["query", "--store"], ["dataset", "import", "--input", "a"]] {
      let outcome = try MixerProcess.run(arguments)
      #expect(outcome.exitStatus == 2 && outcome.output.isEmpty)
      #expect(outcome.errors.hasPrefix("Error: ") && outcome.errors.contains("\nUsage: mixer"), "\(arguments)")
    }
  }

  /// Nothing may ever be there under this name.
  private var output: String { fixture.folder.path("output") }

  private func expectRefusal(
    _ arguments: [String], _ message: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let outcome = try MixerProcess.run(arguments)
    #expect(outcome.exitStatus == 2, sourceLocation: sourceLocation)
    #expect(outcome.output.isEmpty, sourceLocation: sourceLocation)
    #expect(outcome.errors.hasPrefix("mixer: ") && outcome.errors.contains(message), sourceLocation: sourceLocation)
    #expect(outcome.errors.dropLast().allSatisfy { $0 != "\n" }, "\(outcome.errors)", sourceLocation: sourceLocation)
    #expect(!FileManager.default.fileExists(atPath: output), sourceLocation: sourceLocation)
  }
}
