public import EmbeddingStore

/// BM25 over the store's full-text index.
public struct FullTextCandidates: CandidateSource {
  let store: any DocumentStore
  let collection: String

  public init(store: any DocumentStore, collection: String) {
    self.store = store
    self.collection = collection
  }

  public func candidates(for query: SearchQuery, limit: Int) throws -> [ScoredDocument] {
    try store.searchText(query.text, in: collection, limit: limit, filter: query.filter)
  }
}
