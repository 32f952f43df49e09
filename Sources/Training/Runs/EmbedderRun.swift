public import Checkpoints
internal import Datasets
internal import Foundation
internal import Mixers
public import Operations
internal import Tensors
internal import Tokenization

/// A whole contrastive fine-tuning, from a language model and datasets of pairs to a model folder.
public struct EmbedderRun {
  public struct Options: Sendable {
    public var model: String
    /// Datasets with queries, and each one's share of the batches relative to the others. Without any weight, shares go
    /// by the number of pairs; beside a weight, a dataset without one has 1. An epoch goes through the first.
    public var datasets: [(path: String, weight: Double?)] = []
    public var split = "train"
    /// Only the first so many pairs of the first dataset, for a learning curve.
    public var limit: Int?
    /// Splits of the first dataset to measure on; the mean of their MRRs decides which weights are kept.
    public var developmentSplits = ["dev"]
    /// Files of hard negatives.
    public var negatives: [String] = []
    /// Files of the teacher's embeddings.
    public var teacher: [String] = []
    public var task = EmbedderTask.Options()

    public init(model: String) { self.model = model }
  }

  public struct Prepared {
    public var task: EmbedderTask
    let configuration: MaskedMixerConfiguration
    let tokenizer: Data
    let data: [String]
  }

  private let options: Options
  private let threads: Int

  public init(_ options: Options, threads: Int) {
    self.options = options
    self.threads = threads
  }

  /// Reads model, tokenizer and pairs.
  ///
  /// - Throws: `DatasetError`, `CheckpointError`, `TokenizerError`, `MixersError` or ``TrainingError``.
  public func prepare(cancellation: Cancellation? = nil) throws -> Prepared {
    let folder = ModelFolder(path: options.model)
    let model = try MaskedMixer(folder)
    let tokenizer = try SentencePieceTokenizer(contentsOf: folder.tokenizerURL)
    let reader = try StoryTokens(tokenizer: tokenizer, configuration: model.configuration, cancellation: cancellation)
    let negatives = try HardNegatives.byQuery(reading: options.negatives)
    var collection = PairCollection()
    var sources: [EmbedderPairs.Source] = []
    var data: [String] = []
    let hasWeights = options.datasets.contains { $0.weight != nil }
    for (index, (path, weight)) in options.datasets.enumerated() {
      var pairs = try collection.read(Dataset(path), split: options.split, reader, negatives: negatives)
      if index == 0, let limit = options.limit { pairs = Array(pairs.prefix(limit)) }
      guard !pairs.isEmpty else { throw TrainingError(.badInput, "the dataset holds no pairs to train on", at: path) }
      sources.append(EmbedderPairs.Source(pairs, weight: weight ?? (hasWeights ? 1 : nil)))
      data.append(
        "\(path), split \(options.split) (SHA-256 \(try DataFingerprint.of(path))…): \(pairs.count.grouped) pairs")
    }
    let teacher =
      options.teacher.isEmpty
      ? nil : try TeacherEmbeddings(paths: options.teacher, width: model.configuration.hiddenSize)
    for path in options.teacher {
      data.append("\(path) (SHA-256 \(try DataFingerprint.of(path))…): a teacher's embeddings of the training texts")
    }
    guard let first = options.datasets.first else { throw TrainingError(.badInput, "no dataset was given") }
    let task = EmbedderTask(
      model.configuration, initial: model.parameters, endOfText: tokenizer.endOfText,
      pairs: EmbedderPairs(stories: collection.stories, storyIDs: collection.storyIDs, sources: sources),
      teacher: teacher, evaluations: try evaluations(Dataset(first.path), reader), options: options.task,
      threads: threads)
    return Prepared(task: task, configuration: model.configuration, tokenizer: tokenizer.modelBytes, data: data)
  }

  /// Trains and writes the model folder.
  public func run(
    _ prepared: Prepared, _ training: TrainingOptions, output: ModelFolder, command: String,
    cancellation: Cancellation? = nil, progress: (TrainingLoop<EmbedderTask>.Progress) -> Void = { _ in }
  ) throws -> TrainingLoop<EmbedderTask>.Summary {
    var loop = try TrainingLoop(prepared.task, options: training, folder: TrainingFolder(output.url))
    let summary = try loop.run(cancellation: cancellation, progress: progress)
    try output.writeConfiguration(prepared.configuration)
    try AtomicFile.replace(output.tokenizerURL, with: prepared.tokenizer)
    try loop.task.modelParameters.write(to: output.parametersURL)
    let task = options.task
    try ModelCard(
      title: output.url.lastPathComponent,
      summary: "A masked mixer (D \(prepared.configuration.hiddenSize), \(prepared.configuration.blockCount) blocks) "
        + "fine-tuned into an embedder by InfoNCE over in-batch negatives, both directions. Compare by cosine.",
      data: prepared.data, command: command, seed: task.seed, threads: threads,
      facts: [
        ("started from", options.model), ("batch", "\(task.batch) pairs, \(task.hardNegatives) hard negatives each"),
        ("pairs that share a story", "\(task.queriesPerStory)"),
        ("left out at random", "\(task.tokenDropout) of the tokens"),
        ("pairs of stories alone", "\(task.selfSupervisedShare)"),
        ("precision of the products", task.precision.resolved.rawValue),
        ("the teacher's weight", options.teacher.isEmpty ? "none" : "\(task.teacherWeight)"),
      ]
    ).write(to: output, RunFigures(summary, baseline: loop.baseline))
    return summary
  }

  private func evaluations(
    _ dataset: Dataset, _ reader: StoryTokens
  ) throws -> [(name: String, set: EmbedderEvaluation)] {
    try options.developmentSplits.filter { dataset.splitNames.contains($0) }.compactMap { split in
      var collection = PairCollection()
      let pairs = try collection.read(dataset, split: split, reader, negatives: [:])
      guard !pairs.isEmpty else { return nil }
      return (
        split,
        EmbedderEvaluation(queries: pairs.map(\.query), stories: collection.stories, answers: pairs.map(\.story))
      )
    }
  }
}

/// Pairs of several datasets over one list of stories.
private struct PairCollection {
  private(set) var stories: [TokenWindow] = []
  private(set) var storyIDs: [String] = []
  private var byTokens: [[Int32]: Int] = [:]

  /// The pairs of a split whose texts are long enough.
  mutating func read(
    _ dataset: Dataset, split: String, _ reader: StoryTokens, negatives: [String: [String]]
  ) throws -> [EmbedderPairs.Pair] {
    let queries = try dataset.split(split)
    let needed = Set(queries.flatMap(\.relevantIDs))
    let read = try reader.stories(dataset.stories()) { needed.contains($0) }
    // Ids are unique within a dataset only: over all of them a story is known by its text.
    var index: [String: Int] = [:]
    for (id, window) in zip(read.ids, read.windows) {
      let known = byTokens[window.tokens] ?? stories.count
      index[id] = known
      guard known == stories.count else { continue }
      byTokens[window.tokens] = known
      stories.append(window)
      storyIDs.append(id)
    }
    return try queries.flatMap { query -> [EmbedderPairs.Pair] in
      guard let window = try reader.window(query.text) else { return [] }
      let answers = Set(query.relevantIDs)
      let wrong = (negatives[query.id] ?? []).filter { !answers.contains($0) }.compactMap { index[$0] }
      return query.relevantIDs.compactMap { id in
        index[id].map { EmbedderPairs.Pair(id: query.id, query: window, story: $0, negatives: wrong) }
      }
    }
  }
}
