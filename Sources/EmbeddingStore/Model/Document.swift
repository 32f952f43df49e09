/// A text with a stable name.
public struct Document: Sendable, Equatable {
  /// At most 512 bytes, without white space and control characters; unique in its collection.
  public var id: String
  public var text: String
  /// A JSON object, kept as it is written.
  public var metadata: String?

  public init(id: String, text: String, metadata: String? = nil) {
    self.id = id
    self.text = text
    self.metadata = metadata
  }
}

/// A document and what a model made of it.
public struct EmbeddedDocument: Sendable, Equatable {
  public var document: Document
  /// As many values as the collection's dimension, all finite.
  public var embedding: [Float]

  public init(document: Document, embedding: [Float]) {
    self.document = document
    self.embedding = embedding
  }
}

/// What an upsert did.
public struct UpsertCounts: Sendable, Equatable {
  public var added: Int
  public var updated: Int

  public init(added: Int = 0, updated: Int = 0) {
    self.added = added
    self.updated = updated
  }
}

/// A document that a search found.
public struct ScoredDocument: Sendable, Equatable {
  public var id: String
  /// Higher is better; comparable only within one search.
  public var score: Double

  public init(id: String, score: Double) {
    self.id = id
    self.score = score
  }
}
