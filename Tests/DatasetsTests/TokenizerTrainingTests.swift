import Foundation
import Operations
import Testing
import Tokenization

@testable import Datasets

@Suite struct TokenizerTrainingTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  func makeDataset() throws -> Dataset {
    let lines = (0..<60).map { number in
      "{\"_id\":\"s\(number)\",\"text\":\"Once there was a cat named number \(number).\\nIt sat on the mat and it was happy. The end of story \(number)!\"}\n"
    }
    try folder.write(lines.joined() + "{\"_id\":\"x\",\"text\":\"Rare: ñ 😀 \\t two  spaces\"}\n", to: "d/corpus.jsonl")
    return try Dataset(folder.file("d"))
  }

  @Test func aTrainedModelSurvivesItsCorpus() throws {
    var training = TokenizerTraining(vocabularySize: 320)
    let dataset = try makeDataset()
    let (model, report) = try training.train(on: dataset)
    #expect(report.stories == 61 && report.sentences == 121)
    let tokenizer = try SentencePieceTokenizer(modelBytes: model)
    #expect(tokenizer.vocabularySize == 320 && tokenizer.unknown == 0 && tokenizer.beginningOfText == 1)
    #expect(tokenizer.endOfText == 2)
    let inspection = try TokenizerInspection(of: tokenizer, on: dataset)
    #expect(inspection.roundTrips == 61 && inspection.firstLoss == nil && inspection.unknownTokens == 0)
    #expect(inspection.byteTokens > 0 && inspection.charactersPerToken > 1 && inspection.piecesUsed <= 320)
    #expect(try training.train(on: dataset).model == model)
    training.vocabularySize = 50_000
    #expect(message { try training.train(on: dataset) }.contains("cannot be trained"))
    training.vocabularySize = 10
    #expect(message { try training.train(on: dataset) }.contains("expected 300 to"))
  }

  @Test func aStopOrABadRowEndsTheTraining() throws {
    let dataset = try makeDataset()
    let cancellation = Cancellation()
    cancellation.request()
    #expect(throws: OperationError.self) {
      try TokenizerTraining(vocabularySize: 320).train(on: dataset, cancellation: cancellation)
    }
    try folder.write("{\"_id\":\"s\",\"text\":\"a\"}\nnonsense\n", to: "d/corpus.jsonl")
    #expect(
      message { try TokenizerTraining(vocabularySize: 320).train(on: dataset) }.contains(
        "corpus.jsonl:2: malformed JSON"))
  }

  @Test func longLinesAreCut() {
    let sentence = String(repeating: "word ", count: 300) + "end."
    let pieces = TokenizerTraining.sentences(
      of: Array(repeating: sentence, count: 5).joined(separator: " Now ") + "\nshort\n\n")
    #expect(pieces.count == 6 && pieces.last == "short")
    let unbroken = TokenizerTraining.sentences(of: String(repeating: "word ", count: 3000))
    #expect(unbroken.count > 3 && unbroken.allSatisfy { $0.utf8.count <= 4000 })
    #expect(unbroken.joined(separator: " ") == String(repeating: "word ", count: 3000).trimmed)
  }
}
