internal import BenchmarkSupport
internal import Datasets
internal import Foundation
internal import Mixers
internal import Operations
internal import Tensors
internal import Tokenization
internal import Training

/// Whole training steps as the trainers take them: drawing the batch, forward, backward, clipping, AdamW.
enum TrainingMeasurements {
  static func pretrain(
    width: Int, blocks: Int, texts url: URL, tokenizer tokenizerURL: URL, batch: Int, steps: Int, threads: Int,
    packRows: Int, precision: Precision
  ) throws -> [String: Double] {
    let tokenizer = try SentencePieceTokenizer(contentsOf: tokenizerURL)
    let configuration = MaskedMixerConfiguration(
      vocabularySize: 4096, hiddenSize: width, blockCount: blocks, contextLength: 512)
    let reader = try StoryTokens(tokenizer: tokenizer, configuration: configuration)
    let texts = try TextLines.read(url, limit: batch * steps).compactMap { try reader.window($0) }
    let tokens = texts.reduce(0) { $0 + $1.tokens.count }
    var task = LanguageModelTask(
      configuration, parameters: try ModelInitialization.maskedMixer(configuration, seed: 1),
      corpora: [TextCorpus(ids: texts.indices.map(String.init), texts: texts)], heldOut: [],
      batchTokens: tokens / steps, seed: 1, threads: threads, packRows: packRows,
      precision: precision)
    let (elapsed, seen) = try train(&task, steps: steps, threads: threads)
    let work =
      texts.reduce(0) { $0 + UsefulWork.languageModel(tokens: $1.tokens.count, configuration) } / Double(tokens)
    return figures("tokens", Double(seen), work * Double(seen), elapsed)
  }

  static func retrieve(
    width: Int, blocks: Int, contextWidth: Int, batch: Int, steps: Int, threads: Int, packContexts: Int,
    precision: Precision
  ) throws -> [String: Double] {
    let configuration = RetrievalMixerConfiguration(
      hiddenSize: width, blockCount: blocks, contextWidth: contextWidth)
    var generator = SeededGenerator(seed: 2)
    let pairs = 4 * contextWidth
    let queries = (0..<pairs * width).map { _ in Float(generator.normal()) }
    let ids = (0..<pairs).map(String.init)
    var options = RetrieverTask.Options()
    options.batch = batch
    options.packContexts = packContexts
    options.precision = precision
    var task = try RetrieverTask(
      configuration, parameters: try ModelInitialization.retrievalMixer(configuration, seed: 1),
      inputs: RetrievalInputs(width: width, candidates: configuration.candidateCount),
      pairs: EmbeddingPairs(width: width, queries: queries, targets: queries, queryIDs: ids, targetIDs: ids),
      development: nil, options: options, threads: threads)
    let (elapsed, seen) = try train(&task, steps: steps, threads: threads)
    return figures("contexts", Double(seen), UsefulWork.retriever(configuration) * Double(seen), elapsed)
  }

  /// Takes one step to warm up and then `steps` more.
  private static func train<Task: TrainingTask>(
    _ task: inout Task, steps: Int, threads: Int
  ) throws -> (elapsed: Elapsed, units: Int) {
    var optimizer = AdamW<Float>(task.parameters.layout)
    var units = 0
    func step(_ number: Int) throws {
      let outcome = try task.computeGradients(step: number)
      let norm = try task.gradients.reduce(threads: threads)
      try optimizer.step(
        task.parameters, gradients: task.gradients.sum, learningRate: 1e-4,
        gradientScale: GradientClipping.scale(norm: norm, limit: 1), threads: threads)
      units += outcome.units
    }
    try step(1)
    units = 0
    let start = Stopwatch()
    for number in 0..<steps { try step(number + 2) }
    return (start.elapsed, units)
  }

  private static func figures(
    _ unit: String, _ count: Double, _ work: Double, _ elapsed: Elapsed
  ) -> [String: Double] {
    [
      "\(unit)_per_s": count / elapsed.seconds, "useful_gflops": work / elapsed.seconds / 1e9,
      "useful_gflops_per_core": work / elapsed.coreSeconds / 1e9, "peak_memory_mib": PeakMemory.mebibytes,
    ]
  }
}
