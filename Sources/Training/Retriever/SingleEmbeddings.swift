internal import Checkpoints
internal import Foundation
internal import Operations

/// Cached embeddings of texts by themselves (DESIGN §5, the form of a single file): `embedding (N, D)` and the texts'
/// ids in the metadata.
struct SingleEmbeddings {
  let ids: [String]
  let width: Int
  var count: Int { ids.count }
  /// Of the model that made them, where it is known.
  var fingerprint: String? { file.metadata["fingerprint"] }

  private let file: SafetensorsFile
  private let entry: SafetensorsFile.Entry

  /// - Parameter hint: how such a file is made.
  /// - Throws: `CheckpointError` when the file is no safetensors, ``TrainingError`` when it holds no embeddings with ids.
  init(path: String, hint: String = "mixer embed --input writes such a file") throws {
    file = try SafetensorsFile(path: path)
    guard let entry = file.entry("embedding"), entry.shape.count == 2, let text = file.metadata["ids"],
      let ids = try? JSONDecoder().decode([String].self, from: Data(text.utf8)), ids.count == entry.shape[0]
    else {
      throw TrainingError(
        .badInput, "the file holds no embeddings with ids", at: path,
        expected: "a tensor embedding (N, D) and N ids in the metadata", hint: hint)
    }
    (self.entry, self.ids, width) = (entry, ids, entry.shape[1])
  }

  /// Writes the N × D values.
  func copyValues(to destination: UnsafeMutablePointer<Float>) throws {
    try file.copyValues(entry, to: destination)
  }

  /// The N × D values.
  func values() throws -> [Float] {
    var result = [Float](repeating: 0, count: entry.count)
    try result.withUnsafeMutableBufferPointer { buffer in
      if let base = buffer.baseAddress { try copyValues(to: base) }
    }
    return result
  }
}
