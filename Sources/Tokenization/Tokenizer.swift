/// Turns text into token ids and back.
///
/// A tokenizer is immutable and may be used from several threads at once.
public protocol Tokenizer: Sendable {
  /// The number of different token ids: ids are in `0..<vocabularySize`.
  var vocabularySize: Int { get }
  /// The token that ends a text, where the vocabulary has one.
  var endOfText: Int32? { get }

  /// The tokens of `text`, without a token for its beginning or end.
  func encode(_ text: String) throws -> [Int32]

  /// The text of `tokens`. Ids outside the vocabulary are an error.
  func decode(_ tokens: some Collection<Int32>) throws -> String
}
