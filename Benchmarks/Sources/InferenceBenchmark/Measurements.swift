internal import BenchmarkSupport
internal import Checkpoints
internal import Foundation
internal import Mixers
internal import Operations
internal import Tensors
internal import Tokenization

/// The measurements, each of which returns what it found by name.
enum Measurements {
  /// Texts → tokens → embeddings on `threads` workers, reading and tokenization included, loading the model not.
  static func embed(
    model folder: ModelFolder, products: ProductImplementation, texts url: URL, limit: Int, threads: Int
  ) throws -> [String: Double] {
    let model = try MaskedMixer(folder, products: products)
    func run(_ limit: Int) throws -> (elapsed: Elapsed, windows: [TokenWindow]) {
      let start = Stopwatch()
      let tokenizer = try SentencePieceTokenizer(contentsOf: folder.tokenizerURL)
      let texts = try TextLines.read(url, limit: limit)
      let windows = try tokenize(texts, tokenizer, model.configuration, threads: threads)
      _ = try model.embed(windows, threads: threads)
      return (start.elapsed, windows)
    }
    // Memory and the processor's clock settle first.
    _ = try run(min(limit, 16))
    let (elapsed, windows) = try run(limit)
    let work = windows.reduce(0) { $0 + UsefulWork.embedding(tokens: $1.tokens.count, model.configuration) }
    return [
      "texts": Double(windows.count), "texts_per_s": Double(windows.count) / elapsed.seconds,
      "tokens_per_text": Double(windows.reduce(0) { $0 + $1.tokens.count }) / Double(windows.count),
      "useful_gflops": work / elapsed.seconds / 1e9, "useful_gflops_per_core": work / elapsed.coreSeconds / 1e9,
    ]
  }

  /// Contexts of random rows, `batch · steps` of them, on `threads` workers.
  static func score(
    width: Int, blocks: Int, contextWidth: Int, products: ProductImplementation, contexts: Int, threads: Int
  ) throws -> [String: Double] {
    let configuration = RetrievalMixerConfiguration(hiddenSize: width, blockCount: blocks, contextWidth: contextWidth)
    let model = try RetrievalMixer(
      configuration, parameters: RandomCheckpoint.parameters(MixerLayout.retrievalMixer(configuration)),
      products: products)
    var generator = SeededGenerator(seed: 2)
    let rows = AlignedBuffer<Float>(count: contextWidth * width)
    for index in 0..<rows.count { rows.base[index] = Float(generator.unitInterval() * 4 - 2) }
    func run(_ contexts: Int) throws -> Elapsed {
      let start = Stopwatch()
      _ = try model.score(contexts: contexts, threads: threads) { _, target in
        target.update(from: rows.base, count: rows.count)
        return configuration.candidateCount
      }
      return start.elapsed
    }
    _ = try run(2 * threads)
    let elapsed = try run(contexts)
    let work = UsefulWork.scoring(configuration) * Double(contexts)
    return [
      "contexts_per_s": Double(contexts) / elapsed.seconds, "useful_gflops": work / elapsed.seconds / 1e9,
      "useful_gflops_per_core": work / elapsed.coreSeconds / 1e9,
    ]
  }

  /// One text at a time on one thread, warm: milliseconds of tokenizing and embedding it.
  static func latency(
    model folder: ModelFolder, products: ProductImplementation, text: String, rounds: Int
  ) throws -> [String: Double] {
    let model = try MaskedMixer(folder, products: products)
    let tokenizer = try SentencePieceTokenizer(contentsOf: folder.tokenizerURL)
    var tokens = 0
    var times: [Double] = []
    for _ in 0..<rounds + 3 {
      let elapsed = try Stopwatch.measure {
        let window = try TokenWindow(
          tokenizer.encode(text), endOfText: tokenizer.endOfText, configuration: model.configuration)
        _ = try model.embed([window], threads: 1)
        tokens = window.tokens.count
      }
      times.append(elapsed.seconds * 1_000)
    }
    let warm = times.dropFirst(3).sorted()
    return [
      "tokens": Double(tokens), "first_ms": times[0], "median_ms": warm[warm.count / 2],
      "p99_ms": warm[warm.count * 99 / 100],
    ]
  }

  /// Milliseconds of loading a masked mixer, its tokenizer and its fingerprint; the first of several, the
  /// median and the shortest.
  static func load(model folder: ModelFolder, products: ProductImplementation, rounds: Int) throws -> [String: Double] {
    var parts: [String: [Double]] = [:]
    func timed<Result>(_ name: String, _ body: () throws -> Result) rethrows -> Result {
      let start = Stopwatch()
      let result = try body()
      parts[name, default: []].append(start.elapsed.seconds * 1_000)
      return result
    }
    for _ in 0..<rounds {
      try timed("total") {
        let model = try timed("model") { try MaskedMixer(folder, products: products) }
        let tokenizer = try timed("tokenizer") { try SentencePieceTokenizer(contentsOf: folder.tokenizerURL) }
        _ = timed("fingerprint") { model.fingerprint(tokenizer: tokenizer.modelBytes) }
      }
    }
    var result: [String: Double] = [:]
    for (name, times) in parts {
      result["\(name)_first_ms"] = times[0]
      result["\(name)_ms"] = times.sorted()[times.count / 2]
      result["\(name)_best_ms"] = times.min() ?? 0
    }
    return result
  }

  /// The cosines between embeddings by `products` and those in float32 of the same texts.
  static func accuracy(
    model folder: ModelFolder, products: ProductImplementation, texts url: URL, limit: Int, threads: Int
  ) throws -> [String: Double] {
    let exact = try MaskedMixer(folder)
    let tokenizer = try SentencePieceTokenizer(contentsOf: folder.tokenizerURL)
    let windows = try tokenize(TextLines.read(url, limit: limit), tokenizer, exact.configuration, threads: threads)
    let expected = try exact.embed(windows, threads: threads)
    let found = try MaskedMixer(folder, products: products).embed(windows, threads: threads)
    let cosines = windows.indices.map { text in
      let row = text * exact.width..<(text + 1) * exact.width
      func product(_ a: [Float], _ b: [Float]) -> Double { row.reduce(0) { $0 + Double(a[$1]) * Double(b[$1]) } }
      return product(expected, found) / (product(expected, expected) * product(found, found)).squareRoot()
    }
    return [
      "texts": Double(cosines.count), "mean_cosine": cosines.reduce(0, +) / Double(cosines.count),
      "least_cosine": cosines.min() ?? 0,
    ]
  }

  private static func tokenize(
    _ texts: [String], _ tokenizer: SentencePieceTokenizer, _ configuration: MaskedMixerConfiguration, threads: Int
  ) throws -> [TokenWindow] {
    let chunk = 16
    let chunks = (texts.count + chunk - 1) / chunk
    return try WorkerPool.map(count: chunks, threads: threads) { _, index in
      try texts[index * chunk..<min((index + 1) * chunk, texts.count)].map {
        try TokenWindow(tokenizer.encode($0), endOfText: tokenizer.endOfText, configuration: configuration)
      }
    }.flatMap(\.self)
  }
}
