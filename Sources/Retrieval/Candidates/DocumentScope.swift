public import EmbeddingStore

/// The rows of a vector set that a metadata filter lets through; all of them without a filter.
public struct DocumentScope: Sendable {
  private let allowed: [Bool]?
  public let count: Int

  /// - Throws: what the store throws.
  public init(_ vectors: VectorSet, filter: MetadataFilter?, store: any DocumentStore, collection: String) throws {
    guard let filter else {
      allowed = nil
      count = vectors.count
      return
    }
    var allowed = [Bool](repeating: false, count: vectors.count)
    for id in try store.ids(in: collection, matching: filter) {
      if let index = vectors.index(of: id) { allowed[index] = true }
    }
    self.allowed = allowed
    count = allowed.count { $0 }
  }

  /// nil where every row passes, so that a scan need not ask.
  var contains: ((Int) -> Bool)? {
    guard let allowed else { return nil }
    return { allowed[$0] }
  }

  /// The rows that pass, ascending.
  var indices: [Int] {
    guard let allowed else { return Array(0..<count) }
    return allowed.indices.filter { allowed[$0] }
  }
}
