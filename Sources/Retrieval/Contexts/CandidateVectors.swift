public import EmbeddingStore

/// Where a context's rows come from: the embeddings of candidates numbered in ascending order of their ids.
public protocol CandidateVectors: Sendable {
  /// Copies the raw embedding of each candidate to consecutive rows.
  func copyVectors(_ indices: ArraySlice<Int>, to rows: UnsafeMutablePointer<Float>)
}

extension VectorSet: CandidateVectors {
  public func copyVectors(_ indices: ArraySlice<Int>, to rows: UnsafeMutablePointer<Float>) {
    copyVectors(Array(indices), to: rows)
  }
}

/// Embeddings in memory, for texts that are in no store.
struct TransientVectors: CandidateVectors {
  let dimension: Int
  /// count × D
  let values: [Float]

  func copyVectors(_ indices: ArraySlice<Int>, to rows: UnsafeMutablePointer<Float>) {
    values.withUnsafeBufferPointer { values in
      for (row, index) in indices.enumerated() {
        guard let base = values.baseAddress else { return }
        (rows + row * dimension).update(from: base + index * dimension, count: dimension)
      }
    }
  }
}
