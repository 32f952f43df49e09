import Foundation
import TestSupport
import Testing

@Suite struct TokenizerCommandTests {
  @Test func inspectingFailsWhereATextIsLost() throws {
    let inspect = ["tokenizer", "inspect", "--model", Repository.path("Models/story-embedder-256/tokenizer.model")]
    let fine = try MixerProcess.run(inspect + ["a bird"])
    #expect(fine.exitStatus == 0 && fine.errors.isEmpty && fine.output.contains("decodes to the same text"))
    // This tokenizer keeps one space of several.
    let lost = try MixerProcess.run(inspect + ["a  bird"])
    #expect(lost.exitStatus == 1 && lost.output.contains("decodes to: a bird"))
    #expect(lost.errors.hasSuffix("the text changes in encoding and decoding\n"))
    #expect(lost.errors.dropLast().allSatisfy { $0 != "\n" })
  }

  @Test func trainingIsQuiet() throws {
    let folder = try TemporaryFolder()
    let rows = (0..<50).map { "{\"_id\": \"\($0)\", \"text\": \"Story \($0) tells of a bird and its nest.\"}\n" }
    try folder.write(rows.joined(), to: "d/corpus.jsonl")
    let outcome = try MixerProcess.run([
      "tokenizer", "train", "--dataset", folder.path("d"), "--vocabulary", "300", "--output", folder.path("t.model"),
    ])
    #expect(outcome.exitStatus == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
    #expect(outcome.output.hasPrefix("300 pieces from"))
  }
}
