internal import Foundation
internal import Operations
internal import Retrieval

/// What a request asks of the compute threads: which texts to embed, and what to make of them.
struct Work: Sendable {
  /// Texts of one request, all for the same model.
  struct Texts: Sendable {
    let embedder: TextEmbedder
    let texts: [String]
    /// The request's field that text `index` came from, for errors.
    let field: @Sendable (_ index: Int) -> String
  }

  /// The texts' embeddings, in the order asked.
  struct Embedded: Sendable {
    var texts: [EmbeddedText] = []
    var tokenizeMilliseconds = 0.0
    var embedMilliseconds = 0.0
  }

  /// The circumstances of the last step.
  struct Turn: Sendable {
    /// Cores that it may use.
    let threads: Int
    /// Requested when the client has gone or the deadline has passed.
    let cancellation: Cancellation
    /// When the request was admitted.
    let admitted: ContinuousClock.Instant
  }

  /// Which texts must be embedded first, if any. It may read the store.
  var prepare: @Sendable () throws -> Texts? = { nil }
  /// The answer's body.
  let finish: @Sendable (Embedded, Turn) throws -> Data
}
