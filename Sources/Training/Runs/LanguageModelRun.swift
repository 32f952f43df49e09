public import Checkpoints
internal import Datasets
internal import Foundation
public import Mixers
public import Operations
public import Tensors
internal import Tokenization

/// A whole training of a language model, from the dataset's files to a model folder.
public struct LanguageModelRun {
  /// A corpus, and its share of the training tokens relative to the others.
  public struct Source: Sendable {
    public var path: String
    public var weight: Double

    public init(path: String, weight: Double = 1) {
      self.path = path
      self.weight = weight
    }
  }

  public struct Options: Sendable {
    public var sources: [Source] = []
    /// In a dataset that has it, only the stories of this split are trained on, so that no answer of a test is seen.
    public var split = "train"
    /// The split whose stories the loss is measured on; where the first source lacks it, a share of its texts is held out.
    public var developmentSplit = "dev"
    public var heldOutShare = 0.02
    /// Whether the split's queries are texts to learn too.
    public var includesQueries = false
    /// The model to go on from; otherwise one of `shape` is made.
    public var initial: String?
    public var shape = Shape()
    public var batchTokens = 8192
    public var dropout = 0.0
    public var packRows = 1024
    /// Of the products.
    public var precision = Precision.float32

    public init() {}
  }

  /// The shape of a new model.
  public struct Shape: Sendable {
    public var hiddenSize = 256
    public var blockCount = 8
    public var contextLength = 512
    public var padding = Padding.none
    /// A SentencePiece model.
    public var tokenizer: String?

    public init() {}
  }

  private let options: Options
  private let seed: UInt64
  private let threads: Int

  public init(_ options: Options, seed: UInt64, threads: Int) {
    self.options = options
    self.seed = seed
    self.threads = threads
  }

  /// What is trained, ready to start: it knows how many steps an epoch has.
  public struct Prepared {
    public var task: LanguageModelTask
    let configuration: MaskedMixerConfiguration
    let tokenizer: Data
    let data: [String]
  }

  /// Reads model, tokenizer and texts.
  ///
  /// - Throws: `DatasetError`, `CheckpointError`, `TokenizerError`, `MixersError` or ``TrainingError``.
  public func prepare(cancellation: Cancellation? = nil) throws -> Prepared {
    let (configuration, parameters, tokenizer) = try model()
    let reader = try StoryTokens(tokenizer: tokenizer, configuration: configuration, cancellation: cancellation)
    var corpora: [TextCorpus] = []
    var held: [TokenWindow] = []
    var data: [String] = []
    for (index, source) in options.sources.enumerated() {
      let (corpus, heldOut) = try read(source, reader, holdsOut: index == 0)
      guard !corpus.texts.isEmpty else {
        throw TrainingError(.badInput, "the corpus holds nothing to train on", at: source.path)
      }
      corpora.append(corpus)
      held += heldOut
      data.append(
        "\(source.path) (SHA-256 \(try DataFingerprint.of(source.path))…): \(corpus.texts.count.grouped) texts, "
          + "\(corpus.tokens.grouped) tokens, weight \(source.weight)")
    }
    guard !corpora.isEmpty else { throw TrainingError(.badInput, "no dataset was given") }
    let task = LanguageModelTask(
      configuration, parameters: parameters, corpora: corpora, heldOut: held, batchTokens: options.batchTokens,
      dropout: options.dropout, seed: seed, threads: threads, packRows: options.packRows,
      precision: options.precision)
    return Prepared(task: task, configuration: configuration, tokenizer: tokenizer.modelBytes, data: data)
  }

  /// Trains and writes the model folder.
  public func run(
    _ prepared: Prepared, _ training: TrainingOptions, output: ModelFolder, command: String,
    cancellation: Cancellation? = nil, progress: (TrainingLoop<LanguageModelTask>.Progress) -> Void = { _ in }
  ) throws -> TrainingLoop<LanguageModelTask>.Summary {
    var loop = try TrainingLoop(prepared.task, options: training, folder: TrainingFolder(output.url))
    let summary = try loop.run(cancellation: cancellation, progress: progress)
    let configuration = prepared.configuration
    try output.writeConfiguration(configuration)
    try AtomicFile.replace(output.tokenizerURL, with: prepared.tokenizer)
    try loop.task.parameters.write(to: output.parametersURL)
    try ModelCard(
      title: output.url.lastPathComponent,
      summary: "A causal masked mixer (flat, D \(configuration.hiddenSize), \(configuration.blockCount) blocks, "
        + "\(configuration.contextLength) positions, vocabulary \(configuration.vocabularySize.grouped), padding "
        + "\"\(configuration.padding.rawValue)\"), trained as a language model.",
      data: prepared.data, command: command, seed: seed, threads: threads,
      facts: [
        ("batch", "\(options.batchTokens.grouped) tokens"), ("started from", options.initial ?? "random weights"),
        ("precision of the products", options.precision.resolved.rawValue),
      ]
    ).write(to: output, RunFigures(summary, baseline: loop.baseline))
    return summary
  }

  private func model() throws -> (MaskedMixerConfiguration, ParameterBuffer<Float>, SentencePieceTokenizer) {
    if let initial = options.initial {
      let folder = ModelFolder(path: initial)
      let model = try MaskedMixer(folder)
      // A copy: the model's own parameters are never changed.
      let parameters = ParameterBuffer<Float>(model.parameters.layout)
      parameters.storage.base.update(from: model.parameters.storage.base, count: parameters.layout.count)
      return (model.configuration, parameters, try SentencePieceTokenizer(contentsOf: folder.tokenizerURL))
    }
    guard let path = options.shape.tokenizer else {
      throw TrainingError(
        .badInput, "a new model needs a tokenizer", hint: "mixer tokenizer train makes one; or start from a model")
    }
    let tokenizer = try SentencePieceTokenizer(contentsOf: URL(fileURLWithPath: path))
    guard let endOfText = tokenizer.endOfText else {
      throw TrainingError(.badInput, "the tokenizer has no token for the end of a text", at: path)
    }
    let configuration = MaskedMixerConfiguration(
      vocabularySize: tokenizer.vocabularySize, hiddenSize: options.shape.hiddenSize,
      blockCount: options.shape.blockCount, contextLength: options.shape.contextLength, padTokenID: endOfText,
      padding: options.shape.padding)
    return (configuration, try ModelInitialization.maskedMixer(configuration, seed: Seeds.mixed(seed, 9)), tokenizer)
  }

  private func read(
    _ source: Source, _ reader: StoryTokens, holdsOut: Bool
  ) throws -> (TextCorpus, [TokenWindow]) {
    let data = TrainingData(source.path)
    let trained = data.has(options.split) ? try data.storyIDs(of: options.split) : nil
    let held = holdsOut && data.has(options.developmentSplit) ? try data.storyIDs(of: options.developmentSplit) : []
    let all = try reader.stories(data.corpus()) { held.contains($0) || trained?.contains($0) ?? true }
    var (ids, texts, heldOut): ([String], [TokenWindow], [TokenWindow]) = ([], [], [])
    var generator = SeededGenerator(seed: Seeds.mixed(seed, 10))
    for (id, window) in zip(all.ids, all.windows) {
      let isHeld = held.isEmpty ? holdsOut && generator.unitInterval() < options.heldOutShare : held.contains(id)
      if isHeld {
        heldOut.append(window)
      } else {
        ids.append(id)
        texts.append(window)
      }
    }
    if options.includesQueries, let dataset = data.dataset, data.has(options.split) {
      for query in try dataset.split(options.split, storyIDs: data.dataset?.storyIDs()) {
        guard let window = try reader.window(query.text) else { continue }
        ids.append(query.id)
        texts.append(window)
      }
    }
    return (TextCorpus(ids: ids, texts: texts, weight: source.weight), heldOut)
  }
}
