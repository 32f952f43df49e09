import Checkpoints
import Foundation
import Mixers
import Testing
import Tokenization

@Suite struct ShippedModelsTests {
  private static let texts = [
    "Once upon a time there was a little girl named Lily. She loved to play in the park.", "A cat finds a friend.",
    "Tom lost his ball.", "x",
  ]

  @Test(arguments: ["story-embedder-256", "masked-mixer-256"]) func maskedMixersEmbed(name: String) throws {
    let folder = ModelFolder(Golden.packageFolder("Models/\(name)"))
    let model = try MaskedMixer(folder)
    let tokenizer = try SentencePieceTokenizer(contentsOf: folder.tokenizerURL)
    #expect(model.configuration.vocabularySize == tokenizer.vocabularySize)
    let windows = try Self.texts.map {
      try TokenWindow(tokenizer.encode($0), endOfText: tokenizer.endOfText, configuration: model.configuration)
    }
    let embeddings = try model.embed(windows)
    #expect(embeddings.count == Self.texts.count * 256)
    #expect(embeddings.allSatisfy { $0.isFinite })
    let expected = windows.flatMap { FullWindow.embedding(model, $0.tokens) }
    #expect(relativeError(embeddings, expected) < 1e-5)
    #expect(Set((0..<4).map { embeddings[$0 * 256] }).count == 4)
  }

  @Test func retrievalMixerScores() throws {
    let model = try RetrievalMixer(ModelFolder(Golden.packageFolder("Models/retrieval-mixer-256")))
    let rows = RandomModels.values(128 * 256, seed: 1)
    let scores = try model.score(contexts: 2) { index, target in
      let filled = index == 0 ? 128 : 4
      rows.withUnsafeBufferPointer { target.update(from: $0.baseAddress!, count: filled * 256) }
      return filled - 1
    }
    #expect(scores.map(\.count) == [127, 3])
    #expect(scores.joined().allSatisfy { $0.isFinite })
  }
}
