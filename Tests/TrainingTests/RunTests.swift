import Checkpoints
import Datasets
import Foundation
import Mixers
import Operations
import Tensors
import Testing
import Tokenization

@testable import Training

/// From files on the disk to model folders that load.
@Suite struct RunTests {
  @Test func aLanguageModelIsTrainedFromADatasetFolder() throws {
    let folder = try TemporaryFolder()
    let data = try TinyDataset(in: folder.url)
    var options = LanguageModelRun.Options()
    options.sources = [LanguageModelRun.Source(path: data.path)]
    (options.shape.hiddenSize, options.shape.blockCount, options.shape.contextLength) = (8, 2, 24)
    options.shape.tokenizer = data.tokenizer
    options.includesQueries = true
    options.batchTokens = 64
    let run = LanguageModelRun(options, seed: 3, threads: 2)
    let prepared = try run.prepare()
    let output = ModelFolder(folder.url.appendingPathComponent("lm"))
    let summary = try run.run(
      prepared, Tiny.options(steps: 6), output: output, command: "mixer train language-model --dataset tiny")
    #expect(summary.steps == 6 && (summary.evaluation?["loss"] ?? 0) > 0)

    let model = try MaskedMixer(output)
    #expect(model.configuration.hiddenSize == 8 && model.configuration.appendsEndOfText)
    let tokenizer = try SentencePieceTokenizer(contentsOf: output.tokenizerURL)
    #expect(tokenizer.vocabularySize == model.configuration.vocabularySize)
    let card = try String(contentsOf: output.cardURL, encoding: .utf8)
    // 12 stories of the training split and their 12 queries.
    #expect(card.contains("24 texts") && card.contains("mixer train language-model --dataset tiny"))
    #expect(card.contains("seed: 3") && card.contains("| perplexity |"))

    // Going on from it gives the loss that it ended with.
    options.initial = output.url.path
    let next = try LanguageModelRun(options, seed: 3, threads: 2).prepare()
    let loss = try #require(try next.task.evaluate()?.figures["loss"])
    #expect(abs(loss - (summary.evaluation?["loss"] ?? 0)) < 1e-6)
  }

  @Test func aCorpusWithoutSplitsHoldsOutAShare() throws {
    let folder = try TemporaryFolder()
    let data = try TinyDataset(in: folder.url)
    var options = LanguageModelRun.Options()
    options.sources = [LanguageModelRun.Source(path: data.path + "/corpus.jsonl")]
    options.shape.tokenizer = data.tokenizer
    (options.shape.hiddenSize, options.shape.blockCount, options.shape.contextLength) = (8, 1, 24)
    options.heldOutShare = 0.3
    let task = try LanguageModelRun(options, seed: 3, threads: 1).prepare().task
    #expect(try task.evaluate() != nil)
    options.sources = []
    #expect(throws: TrainingError.self) { try LanguageModelRun(options, seed: 3, threads: 1).prepare() }
  }

  @Test func anEmbedderARetrieverAndAProjectionAreTrained() throws {
    let folder = try TemporaryFolder()
    let data = try TinyDataset(in: folder.url)
    let start = try languageModel(data, in: folder.url)
    var options = EmbedderRun.Options(model: start.url.path)
    options.datasets = [(data.path, nil)]
    options.developmentSplits = ["dev", "missing"]
    options.negatives = [data.negatives]
    options.task.batch = 5
    options.task.hardNegatives = 1
    options.task.selfSupervisedShare = 0.2
    let run = EmbedderRun(options, threads: 2)
    let output = ModelFolder(folder.url.appendingPathComponent("embedder"))
    let summary = try run.run(
      try run.prepare(), Tiny.options(steps: 4), output: output, command: "mixer train embedder")
    #expect(summary.evaluation?["mrr"] != nil)
    let model = try MaskedMixer(output)
    #expect(try String(contentsOf: output.cardURL, encoding: .utf8).contains("12 pairs"))
    options.limit = 8
    let limited = try EmbedderRun(options, threads: 1).prepare()
    #expect(limited.data.joined().contains("8 pairs") && limited.task.steps(epochs: 1) == 2)

    let retriever = try trainRetriever(embeddings(model, data, in: folder.url), in: folder.url)
    try trainProjection(embeddings(model, data, in: folder.url), retriever)
  }

  private func trainRetriever(_ embeddings: String, in folder: URL) throws -> ModelFolder {
    var options = RetrieverRun.Options(embeddings: [embeddings])
    options.developmentEmbeddings = embeddings
    (options.blockCount, options.contextWidth) = (2, 5)
    options.task.batch = 4
    let run = RetrieverRun(options, threads: 2)
    let output = ModelFolder(folder.appendingPathComponent("retriever"))
    _ = try run.run(try run.prepare(), Tiny.options(steps: 4), output: output, command: "mixer train retriever")
    let model = try RetrievalMixer(output)
    #expect(model.configuration.maskedMixerFingerprint?.count == 64)
    #expect(model.inputs.candidateStandardization != nil && model.inputs.queryStandardization != nil)
    #expect(model.inputs.fillers.contains { $0 != 0 })

    // Going on from it keeps its inputs.
    options.initial = output.url.path
    let next = try RetrieverRun(options, threads: 1).prepare()
    #expect(next.inputs.candidateStandardization == model.inputs.candidateStandardization)
    return output
  }

  private func trainProjection(_ embeddings: String, _ retriever: ModelFolder) throws {
    let before = try RetrievalMixer(retriever)
    var options = ProjectionRun.Options(embeddings: embeddings, retriever: retriever.url.path)
    options.task.width = 4
    for width in [4, 6] {
      options.task.width = width
      let run = ProjectionRun(options)
      _ = try run.run(
        try run.prepare(), Tiny.options(steps: 3),
        output: TrainingFolder(path: "\(retriever.url.path)/projection-\(width)"),
        command: "mixer train projection")
    }
    let after = try RetrievalMixer(retriever)
    #expect(after.projection?.outputWidth == 6)
    #expect(after.inputs.fillers == before.inputs.fillers)
    #expect(after.parameters.storage.readOnly.elementsEqual(before.parameters.storage.readOnly))
    let card = try String(contentsOf: retriever.cardURL, encoding: .utf8)
    #expect(card.components(separatedBy: "# Projection").count == 2 && card.contains("# retriever"))
  }

  private func languageModel(_ data: TinyDataset, in folder: URL) throws -> ModelFolder {
    var options = LanguageModelRun.Options()
    options.sources = [LanguageModelRun.Source(path: data.path)]
    (options.shape.hiddenSize, options.shape.blockCount, options.shape.contextLength) = (8, 2, 24)
    options.shape.tokenizer = data.tokenizer
    let run = LanguageModelRun(options, seed: 1, threads: 1)
    let output = ModelFolder(folder.appendingPathComponent("start"))
    _ = try run.run(try run.prepare(), Tiny.options(steps: 1), output: output, command: "")
    return output
  }

  /// The training pairs, embedded as `mixer embed` does it.
  private func embeddings(_ model: MaskedMixer, _ data: TinyDataset, in folder: URL) throws -> String {
    let tokenizer = try SentencePieceTokenizer(contentsOf: URL(fileURLWithPath: data.tokenizer))
    let reader = try StoryTokens(tokenizer: tokenizer, configuration: model.configuration)
    let ids = (0..<12).map { "s\($0)" }
    func embed(_ texts: [String]) throws -> AlignedBuffer<Float> {
      let values = try model.embed(try texts.compactMap { try reader.window($0) }, threads: 1)
      let buffer = AlignedBuffer<Float>(count: values.count)
      buffer.base.update(from: values, count: values.count)
      return buffer
    }
    let queries = try embed((0..<12).map(TinyDataset.query))
    let targets = try embed((0..<12).map(TinyDataset.story))
    let url = folder.appendingPathComponent("pairs.safetensors")
    let json = String(decoding: try JSONEncoder().encode(ids), as: UTF8.self)
    try SafetensorsWriter.write(
      [
        .init(TensorShape("query", [12, 8]), queries.readOnly),
        .init(TensorShape("target", [12, 8]), targets.readOnly),
      ],
      metadata: [
        "query_ids": json, "target_ids": json, "fingerprint": model.fingerprint(tokenizer: tokenizer.modelBytes).hex,
      ], to: url)
    return url.path
  }

  @Test func filesThatHoldNoPairsAreRefused() throws {
    let folder = try TemporaryFolder()
    let values = AlignedBuffer<Float>(zeros: 6)
    func write(_ tensors: [(String, [Int])], _ metadata: [String: String] = [:]) throws -> String {
      let url = folder.url.appendingPathComponent("\(UUID().uuidString).safetensors")
      try SafetensorsWriter.write(
        tensors.map {
          .init(TensorShape($0.0, $0.1), UnsafeBufferPointer(rebasing: values.readOnly[..<$0.1.reduce(1, *)]))
        },
        metadata: metadata, to: url)
      return url.path
    }
    let others = try [
      write([("embedding", [3, 2])]), write([("query", [3, 2]), ("target", [2, 3])]), write([("query", [6])]),
      write([("query", [3, 2]), ("target", [3, 2])], ["query_ids": "[\"a\"]"]),
      write([("query", [3, 2]), ("target", [3, 2])], ["target_ids": "no JSON"]),
    ]
    for path in others { #expect(throws: TrainingError.self) { try EmbeddingPairs(path: path) } }
    #expect(throws: CheckpointError.self) { try EmbeddingPairs(path: folder.url.path + "/missing") }
    let published = try EmbeddingPairs(path: write([("query_train", [3, 2]), ("target_train", [3, 2])]))
    #expect(published.count == 3 && published.width == 2)
    // Several files and stories by themselves, of one width and one model.
    let stories = try write([("embedding", [1, 2])], ["ids": "[\"s9\"]"])
    let file = try write([("query", [3, 2]), ("target", [3, 2])], ["fingerprint": "a"])
    let joined = try EmbeddingPairs(paths: [file, file], stories: [stories])
    #expect(joined.count == 6 && joined.targets.count == 14 && joined.moreStoryIDs == ["s9"])
    #expect(joined.prefix(1).targets.count == 4 && joined.prefix(1).moreStoryIDs == ["s9"])
    let other = try write([("query", [3, 2]), ("target", [3, 2])], ["fingerprint": "b"])
    let narrow = try write([("embedding", [2, 1])], ["ids": "[\"s8\", \"s9\"]"])
    #expect(throws: TrainingError.self) { try EmbeddingPairs(paths: [file, other]) }
    #expect(throws: TrainingError.self) { try EmbeddingPairs(paths: [file], stories: [narrow]) }
    let first = published.prefix(2)
    #expect(first.count == 2 && first.targets.count == 4 && first.queryIDs == ["pair 0", "pair 1"])
  }
}

/// Twelve stories to train on and four to measure on, with a tokenizer of their own.
struct TinyDataset {
  let path: String
  let tokenizer: String
  let negatives: String

  static let names = [
    "Tom", "Lily", "Max", "Anna", "Ben", "Sue", "Tim", "Mia", "Sam", "Zoe", "Dan", "Eva", "Leo", "Ida", "Bob", "Amy",
  ]
  static let things = ["kite", "ball", "cat", "boat"]

  static func story(_ index: Int) -> String {
    "\(names[index]) had a red \(things[index % 4]). One day \(names[index]) lost the \(things[index % 4]) in the park."
  }

  static func query(_ index: Int) -> String { "\(names[index]) loses a \(things[index % 4])." }

  init(in folder: URL) throws {
    let layout = DatasetLayout(folder.appendingPathComponent("tiny"))
    path = layout.folder.path
    try FileManager.default.createDirectory(at: layout.judgementsFolder, withIntermediateDirectories: true)
    let stories = (0..<16).map { "{\"_id\": \"s\($0)\", \"text\": \"\(Self.story($0))\"}\n" }.joined()
    let queries = (0..<16).map { "{\"_id\": \"q\($0)\", \"text\": \"\(Self.query($0))\"}\n" }.joined()
    try Data(stories.utf8).write(to: layout.corpus)
    try Data(queries.utf8).write(to: layout.queries)
    for (split, range) in [("train", 0..<12), ("dev", 12..<16)] {
      try JudgementFile.write(
        range.map { Judgement(queryID: "q\($0)", storyID: "s\($0)") }, to: layout.judgements(of: split).path)
    }
    negatives = folder.appendingPathComponent("negatives.jsonl").path
    try HardNegatives(rows: [.init(queryID: "q0", negativeIDs: ["s4", "s0", "s99"])]).write(to: negatives)
    var sentences = (0..<16).flatMap { [Self.story($0), Self.query($0)] }[...]
    let model = try SentencePieceTrainer.train(vocabularySize: 300) { sentences.popFirst() }
    tokenizer = folder.appendingPathComponent("tokenizer.model").path
    try model.write(to: URL(fileURLWithPath: tokenizer))
  }
}
