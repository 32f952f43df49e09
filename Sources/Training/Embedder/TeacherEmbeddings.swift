internal import Operations
internal import Tensors

/// What another model, the teacher, makes of the texts of a training: cached embeddings (DESIGN §5, the form of a
/// single file), looked up by the texts' ids.
public struct TeacherEmbeddings: Sendable {
  private let width: Int
  /// count × D, each of length 1.
  private let rows: AlignedBuffer<Float>
  private let index: [String: Int]

  public var count: Int { index.count }

  /// - Parameter width: D of the student.
  /// - Throws: `CheckpointError` when a file is no safetensors; ``TrainingError`` when it holds no embeddings with ids,
  ///   when their width is not the student's, when a row has no direction, or when an id comes twice.
  public init(paths: [String], width: Int) throws {
    self.width = width
    let files = try paths.map { try Self.read($0, width: width) }
    rows = AlignedBuffer(count: files.reduce(0) { $0 + $1.count } * width)
    var index: [String: Int] = [:]
    for (path, file) in zip(paths, files) {
      try file.copyValues(to: rows.base + index.count * width)
      for id in file.ids {
        let row = index.count
        guard index.updateValue(row, forKey: id) == nil else {
          throw TrainingError(.badInput, "the id \"\(id.excerpt())\" has two embeddings", at: path)
        }
        let values = rows.base + row * width
        let length = Float(Float.sumOfSquares(values, count: width)).squareRoot()
        guard length.isFinite, length > 0 else {
          throw TrainingError(.badInput, "the embedding of \"\(id.excerpt())\" has no direction", at: path)
        }
        for column in 0..<width { values[column] /= length }
      }
    }
    self.index = index
  }

  /// The teacher's embedding of a text, D values of length 1, which live as long as this value.
  public func embedding(of id: String) -> UnsafePointer<Float>? {
    index[id].map { UnsafePointer(rows.base + $0 * width) }
  }

  private static func read(_ path: String, width: Int) throws -> SingleEmbeddings {
    let embeddings = try SingleEmbeddings(path: path, hint: "scripts/teacher-embeddings writes such a file")
    guard embeddings.width == width else {
      throw TrainingError(
        .badInput, "the teacher's embeddings are of another width than the student's", at: path, expected: "\(width)",
        found: "\(embeddings.width)", hint: "scripts/teacher-embeddings --width \(width) reduces them")
    }
    return embeddings
  }
}
