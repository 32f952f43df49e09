public import Mixers
public import Operations
public import Tensors

/// Scores candidates against a query with the retrieval mixer, one context after another.
public struct ContextScorer: Sendable {
  let mixer: RetrievalMixer
  let threads: Int

  public init(_ mixer: RetrievalMixer, threads: Int = WorkerPool.defaultThreads) {
    self.mixer = mixer
    self.threads = threads
  }

  /// C − 1
  public var capacity: Int { mixer.configuration.candidateCount }

  /// The scores of each group's candidates, in slot order. A group has at most ``capacity`` candidates.
  public func score(
    query: [Float], groups: [ArraySlice<Int>], of vectors: some CandidateVectors, cancellation: Cancellation? = nil
  ) throws -> [[Float]] {
    precondition(query.count == mixer.width, "the query is of another width than the retriever")
    let width = mixer.width
    return try mixer.score(contexts: groups.count, threads: threads, cancellation: cancellation) { index, rows in
      query.withUnsafeBufferPointer { query in
        if let base = query.baseAddress { rows.update(from: base, count: width) }
      }
      vectors.copyVectors(groups[index], to: rows + width)
      return groups[index].count
    }
  }
}
