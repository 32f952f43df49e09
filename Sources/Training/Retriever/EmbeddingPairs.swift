internal import Checkpoints
internal import Foundation
internal import Operations
public import Tensors

/// Cached embeddings of (query, story) pairs, row-aligned (DESIGN §5): `query (N, D)` and `target (N, D)`, with the ids
/// and the embedding model's fingerprint in the metadata where they are known.
public struct EmbeddingPairs: Sendable {
  public let width: Int
  public let count: Int
  /// N × D.
  public let queries: AlignedBuffer<Float>
  /// N × D, and behind them a row for each of ``moreStoryIDs``.
  public let targets: AlignedBuffer<Float>
  /// One a pair.
  public let queryIDs: [String]
  /// One a pair; a story may come several times.
  public let targetIDs: [String]
  /// Stories without a query, which compete with those of the pairs.
  public let moreStoryIDs: [String]
  public let fingerprint: String?

  /// - Parameter split: which of the published form's splits to read (`query_train` …) where the file has that form.
  /// - Throws: `CheckpointError` when the file is no safetensors, ``TrainingError`` when it holds no pairs.
  public init(path: String, split: String = "train") throws {
    let file = try SafetensorsFile(path: path)
    let suffix = file.entry("query") == nil ? "_\(split)" : ""
    guard let query = file.entry("query\(suffix)"), let target = file.entry("target\(suffix)") else {
      throw TrainingError(
        .badInput, "the file holds no embedded pairs", at: path, expected: "tensors query and target",
        found: file.entries.prefix(6).map(\.name).joined(separator: ", ").excerpt(),
        hint: "mixer embed --dataset DIR --split NAME writes them")
    }
    guard query.shape.count == 2, query.shape == target.shape, query.count > 0 else {
      throw TrainingError(
        .badInput, "the tensors do not fit together", at: path, expected: "query and target of one shape (N, D)",
        found: "\(query.shape) and \(target.shape)")
    }
    (count, width) = (query.shape[0], query.shape[1])
    queries = AlignedBuffer(count: query.count)
    targets = AlignedBuffer(count: target.count)
    try file.copyValues(query, to: queries.base)
    try file.copyValues(target, to: targets.base)
    queryIDs = try Self.ids("query_ids", in: file, count: count) ?? (0..<count).map { "pair \($0)" }
    targetIDs = try Self.ids("target_ids", in: file, count: count) ?? (0..<count).map { "pair \($0)" }
    moreStoryIDs = []
    fingerprint = file.metadata["fingerprint"]
  }

  /// The pairs of several files, and stories that compete with theirs.
  ///
  /// - Parameters:
  ///   - paths: one or more, each read as by ``init(path:split:)``.
  ///   - stories: files of single embeddings.
  /// - Throws: also ``TrainingError`` when files are of different widths or come from different models.
  public init(paths: [String], stories: [String] = [], split: String = "train") throws {
    precondition(!paths.isEmpty)
    let parts = try paths.map { try EmbeddingPairs(path: $0, split: split) }
    let more = try stories.map { try SingleEmbeddings(path: $0) }
    let fingerprints = parts.map(\.fingerprint) + more.map(\.fingerprint)
    let widths = parts.map(\.width) + more.map(\.width)
    for (index, path) in (paths + stories).enumerated() {
      guard widths[index] == widths[0] else {
        throw TrainingError(
          .badInput, "the embeddings are of different widths", at: path, expected: "\(widths[0]), as in \(paths[0])",
          found: "\(widths[index])")
      }
      if let first = fingerprints[0], let own = fingerprints[index], own != first {
        throw TrainingError(
          .conflict, "the embeddings come from another model", at: path,
          expected: "\(first.prefix(12)), as in \(paths[0])", found: String(own.prefix(12)))
      }
    }
    self.init(
      width: widths[0], queries: parts.flatMap(\.queries.readOnly),
      targets: parts.flatMap(\.targets.readOnly) + (try more.flatMap { try $0.values() }),
      queryIDs: parts.flatMap(\.queryIDs), targetIDs: parts.flatMap(\.targetIDs), moreStoryIDs: more.flatMap(\.ids),
      fingerprint: fingerprints[0])
  }

  /// Pairs in memory.
  public init(
    width: Int, queries: [Float], targets: [Float], queryIDs: [String], targetIDs: [String],
    moreStoryIDs: [String] = [], fingerprint: String? = nil
  ) {
    precondition(queries.count == queryIDs.count * width && targetIDs.count == queryIDs.count)
    precondition(targets.count == queries.count + moreStoryIDs.count * width)
    self.width = width
    count = queryIDs.count
    self.queries = AlignedBuffer(count: queries.count)
    self.targets = AlignedBuffer(count: targets.count)
    self.queries.base.update(from: queries, count: queries.count)
    self.targets.base.update(from: targets, count: targets.count)
    self.queryIDs = queryIDs
    self.targetIDs = targetIDs
    self.moreStoryIDs = moreStoryIDs
    self.fingerprint = fingerprint
  }

  /// The first `limit` pairs, and all stories that have none.
  public func prefix(_ limit: Int) -> EmbeddingPairs {
    guard limit < count else { return self }
    return EmbeddingPairs(
      width: width, queries: Array(queries.readOnly.prefix(limit * width)),
      targets: Array(targets.readOnly.prefix(limit * width)) + targets.readOnly.dropFirst(count * width),
      queryIDs: Array(queryIDs.prefix(limit)), targetIDs: Array(targetIDs.prefix(limit)), moreStoryIDs: moreStoryIDs,
      fingerprint: fingerprint)
  }

  private static func ids(_ key: String, in file: SafetensorsFile, count: Int) throws -> [String]? {
    guard let text = file.metadata[key] else { return nil }
    guard let ids = try? JSONDecoder().decode([String].self, from: Data(text.utf8)), ids.count == count else {
      throw TrainingError(
        .damaged, "the metadata's \(key) does not fit the tensors", at: file.path,
        expected: "a JSON array of \(count) ids")
    }
    return ids
  }
}
