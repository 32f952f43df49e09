internal import Checkpoints
public import Datasets
public import Foundation
public import Operations
internal import Tensors

/// Writes cached embeddings (DESIGN §5): safetensors, float32, with the ids and the model's fingerprint in the metadata.
public struct EmbeddingExport {
  public struct Summary: Sendable, Codable, Equatable {
    public let rows: Int
    public let dimension: Int
    public let truncated: Int
    public let fingerprint: String
  }

  private let embedder: TextEmbedder
  private let threads: Int
  private let cancellation: Cancellation?
  private let progress: (_ done: Int, _ total: Int) -> Void
  /// Texts embedded between two reports of progress.
  private static let stride = 512

  public init(
    embedder: TextEmbedder, threads: Int, cancellation: Cancellation? = nil,
    progress: @escaping (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) {
    self.embedder = embedder
    self.threads = threads
    self.cancellation = cancellation
    self.progress = progress
  }

  /// `embedding (N, D)` with `ids`, in the order of the corpus.
  public func writeTexts(_ corpus: CorpusReader, to url: URL) throws -> Summary {
    var ids: [String] = []
    var texts: [String] = []
    try corpus.forEach { story in
      ids.append(story.id)
      texts.append(story.text)
    }
    let embedded = try embed(texts, ids, done: 0, total: texts.count)
    return try write([("embedding", embedded)], metadata: ["ids": try json(ids)], to: url)
  }

  /// `query (N, D)` and `target (N, D)`, one row for each relevant (query, story) pair of the split.
  public func writePairs(of dataset: Dataset, split: String, to url: URL) throws -> Summary {
    let pairs = try dataset.split(split).flatMap { query in query.relevantIDs.map { (query, $0) } }
    let needed = Set(pairs.map(\.1))
    var stories: [String: String] = [:]
    let corpus = try dataset.stories()
    try corpus.forEach { story in
      if needed.contains(story.id) { stories[story.id] = story.text }
    }
    let total = 2 * pairs.count
    let queries = try embed(pairs.map(\.0.text), pairs.map(\.0.id), done: 0, total: total)
    let targets = try embed(
      pairs.map { stories[$0.1] ?? "" }, pairs.map(\.1), done: pairs.count, total: total)
    return try write(
      [("query", queries), ("target", targets)],
      metadata: ["query_ids": try json(pairs.map(\.0.id)), "target_ids": try json(pairs.map(\.1))], to: url)
  }

  private func embed(_ texts: [String], _ names: [String], done: Int, total: Int) throws -> [EmbeddedText] {
    var result: [EmbeddedText] = []
    for start in Swift.stride(from: 0, to: texts.count, by: Self.stride) {
      try cancellation?.check()
      let end = min(start + Self.stride, texts.count)
      result += try embedder.embed(
        Array(texts[start..<end]), threads: threads, cancellation: cancellation, describe: { names[start + $0] })
      progress(done + end, total)
    }
    return result
  }

  private func write(
    _ tensors: [(name: String, rows: [EmbeddedText])], metadata: [String: String], to url: URL
  ) throws -> Summary {
    let dimension = embedder.dimension
    let buffers = tensors.map { tensor in
      let buffer = AlignedBuffer<Float>(count: tensor.rows.count * dimension)
      for (row, text) in tensor.rows.enumerated() {
        (buffer.base + row * dimension).update(from: text.embedding, count: dimension)
      }
      return buffer
    }
    try withExtendedLifetime(buffers) {
      try SafetensorsWriter.write(
        zip(tensors, buffers).map { tensor, buffer in
          SafetensorsWriter.Tensor(TensorShape(tensor.name, [tensor.rows.count, dimension]), buffer.readOnly)
        }, metadata: metadata.merging(["fingerprint": embedder.fingerprint.hex]) { old, _ in old }, to: url)
    }
    return Summary(
      rows: tensors[0].rows.count, dimension: dimension,
      truncated: tensors.reduce(0) { $0 + $1.rows.count { $0.isTruncated } }, fingerprint: embedder.fingerprint.hex)
  }

  private func json(_ ids: [String]) throws -> String {
    String(decoding: try JSONEncoder().encode(ids), as: UTF8.self)
  }
}
