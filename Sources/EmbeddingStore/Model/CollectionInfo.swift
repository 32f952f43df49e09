/// What is known of a collection without reading its documents.
public struct CollectionInfo: Sendable, Codable, Equatable {
  public let name: String
  /// Of the model that made the embeddings, in hexadecimal digits.
  public let fingerprint: String
  /// Values in a vector.
  public let dimension: Int
  /// What the model computed the embeddings in: `float32`, `bfloat16`. They are stored as float32 either way.
  public let precision: String
  /// How many are stored.
  public let documents: Int
  /// Grows with every change of the collection.
  public let change: Int

  public init(
    name: String, fingerprint: String, dimension: Int, precision: String, documents: Int, change: Int
  ) {
    self.name = name
    self.fingerprint = fingerprint
    self.dimension = dimension
    self.precision = precision
    self.documents = documents
    self.change = change
  }
}
