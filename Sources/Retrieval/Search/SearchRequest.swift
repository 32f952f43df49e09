public import EmbeddingStore
internal import Operations

/// A question to a collection.
public struct SearchRequest: Sendable {
  public var query: String
  /// How many results are wanted. nil asks for ten, or all there are; a number must not be larger than the collection.
  public var k: Int?
  public var mode: SearchMode
  public var collection: String
  /// Only documents whose metadata has these values.
  public var filter: MetadataFilter?
  /// The first stage of the two-stage mode.
  public var proposals = SearchMode.hybrid

  public static let defaultCount = 10

  public init(
    query: String, k: Int? = nil, mode: SearchMode = .automatic, collection: String = "default",
    filter: MetadataFilter? = nil
  ) {
    self.query = query
    self.k = k
    self.mode = mode
    self.collection = collection
    self.filter = filter
  }

  /// - Throws: ``RetrievalError`` when there is nothing to ask.
  static func validate(query: String) throws {
    guard query.contains(where: { !$0.isWhitespace }) else {
      throw RetrievalError(.badInput, "the query is empty", at: "query", expected: "a sentence about a story")
    }
  }

  /// The number of results in a collection of `documents`.
  ///
  /// - Throws: ``RetrievalError`` for a number below 1 or above the collection's size.
  func count(documents: Int) throws -> Int {
    guard let k else { return min(Self.defaultCount, documents) }
    guard k >= 1 else {
      throw RetrievalError(.badInput, "too few results are asked for", at: "k", expected: "at least 1", found: "\(k)")
    }
    guard k <= documents else {
      throw RetrievalError(
        .badInput, "k is larger than the collection \"\(collection)\"", at: "k", expected: "at most \(documents)",
        found: "\(k)")
    }
    return k
  }
}
