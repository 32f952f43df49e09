public import Checkpoints
internal import Foundation
public import Mixers
public import Operations
internal import Synchronization
public import Tensors
public import Tokenization

/// A text with everything that a search needs of it.
public struct EmbeddedText: Sendable {
  public let text: String
  /// How many tokens the model read, the end of text included.
  public let tokenCount: Int
  /// Whether the text was longer than the model's context.
  public let isTruncated: Bool
  /// (D)
  public let embedding: [Float]

  public init(text: String, tokenCount: Int, isTruncated: Bool, embedding: [Float]) {
    self.text = text
    self.tokenCount = tokenCount
    self.isTruncated = isTruncated
    self.embedding = embedding
  }
}

/// A masked mixer together with its tokenizer: texts in, embeddings out.
public final class TextEmbedder: Sendable {
  public let mixer: MaskedMixer
  public let tokenizer: any Tokenizer
  public let fingerprint: Fingerprint
  /// Where it was loaded from.
  public let path: String
  /// What its products are computed in: `float32` or `bfloat16`.
  public var precision: Precision { mixer.products.precision }

  /// D: the width of an embedding.
  public var dimension: Int { mixer.width }

  /// Loads a model folder with its tokenizer.
  ///
  /// - Parameter precision: of the products; the embeddings are float32 in any case.
  /// - Throws: `CheckpointError`, `MixersError`, `TokenizerError`, or ``RetrievalError`` when model and tokenizer do
  ///   not fit each other.
  public init(_ folder: ModelFolder, precision: Precision = .float32) throws {
    try folder.requireFolder()
    let tokenizer = try SentencePieceTokenizer(contentsOf: folder.tokenizerURL)
    mixer = try MaskedMixer(folder, precision: precision)
    guard tokenizer.vocabularySize <= mixer.configuration.vocabularySize else {
      throw RetrievalError(
        .badInput, "the tokenizer has more tokens than the model", at: folder.tokenizerURL.path,
        expected: "at most \(mixer.configuration.vocabularySize)", found: "\(tokenizer.vocabularySize)")
    }
    self.tokenizer = tokenizer
    fingerprint = mixer.fingerprint(tokenizer: tokenizer.modelBytes)
    path = folder.url.path
  }

  /// The tokens of a text as the mixer reads them.
  ///
  /// - Throws: `MixersError` when the text leaves nothing to embed.
  public func tokenize(_ text: String) throws -> TokenWindow {
    try TokenWindow(
      tokenizer.encode(text), endOfText: tokenizer.endOfText, configuration: mixer.configuration)
  }

  /// Tokenizes many texts on several threads.
  ///
  /// - Parameter describe: names text `index` in an error.
  public func tokenize(
    _ texts: [String], threads: Int = WorkerPool.defaultThreads, describe: @Sendable (Int) -> String? = { _ in nil }
  ) throws -> [TokenWindow] {
    let windows = Mutex([TokenWindow?](repeating: nil, count: texts.count))
    let stride = 16
    try WorkerPool.forEach(count: (texts.count + stride - 1) / stride, threads: threads) { _, part in
      let range = part * stride..<min(texts.count, (part + 1) * stride)
      let tokenized = try range.map { index in
        do {
          return try tokenize(texts[index])
        } catch let error as MixersError {
          var diagnosis = error.diagnosis
          diagnosis.location = describe(index) ?? diagnosis.location
          throw RetrievalError(diagnosis)
        }
      }
      windows.withLock { windows in
        for (index, window) in zip(range, tokenized) { windows[index] = window }
      }
    }
    return windows.withLock { $0.compactMap { $0 } }
  }

  /// The embeddings of several texts, as one batch.
  ///
  /// - Throws: as ``tokenize(_:threads:describe:)``; `OperationError` when cancelled.
  public func embed(
    _ texts: [String], threads: Int = WorkerPool.defaultThreads, cancellation: Cancellation? = nil,
    describe: @Sendable (Int) -> String? = { _ in nil }
  ) throws -> [EmbeddedText] {
    let windows = try tokenize(texts, threads: threads, describe: describe)
    let embeddings = try mixer.embed(windows, threads: threads, cancellation: cancellation)
    return texts.indices.map { index in
      EmbeddedText(
        text: texts[index], tokenCount: windows[index].tokens.count, isTruncated: windows[index].isTruncated,
        embedding: Array(embeddings[index * dimension..<(index + 1) * dimension]))
    }
  }
}

extension RetrievalError {
  init(_ diagnosis: Diagnosis) { self.diagnosis = diagnosis }
}
