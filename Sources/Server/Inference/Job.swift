internal import Foundation
internal import Mixers
internal import Operations
internal import Retrieval
internal import Synchronization

/// One admitted request on its way through the compute threads. One thread at a time works on it.
final class Job: Sendable {
  let work: Work
  let admitted = ContinuousClock.now
  let cancellation = Cancellation()
  let reply = Reply<Data>()
  private let progress = Mutex(Progress())

  private struct Progress {
    var texts: Work.Texts?
    var windows: [TokenWindow] = []
    var embedded = Work.Embedded()
  }

  init(_ work: Work) { self.work = work }

  /// Whether nobody waits for the answer any more.
  var isAbandoned: Bool { cancellation.isRequested }

  /// Finds out which texts are to be embedded, and tokenizes them.
  ///
  /// - Returns: whether there are any.
  /// - Throws: what `prepare` throws; `ServerError` naming the field of a text that cannot be embedded.
  func prepare() throws -> Bool {
    guard let texts = try work.prepare(), !texts.texts.isEmpty else { return false }
    let start = ContinuousClock.now
    let windows = try texts.texts.enumerated().map { index, text in
      try cancellation.check()
      do {
        return try texts.embedder.tokenize(text)
      } catch let error as MixersError {
        throw ServerError(
          .badInput, error.diagnosis.what, at: texts.field(index), expected: error.diagnosis.expected,
          found: error.diagnosis.found)
      }
    }
    progress.withLock {
      $0.texts = texts
      $0.windows = windows
      $0.embedded.tokenizeMilliseconds = (ContinuousClock.now - start) / .milliseconds(1)
    }
    return true
  }

  /// The model that embeds its texts.
  var embedder: TextEmbedder? { progress.withLock { $0.texts?.embedder } }

  /// The texts not yet embedded, as many from the first as `budget` tokens hold.
  ///
  /// - Parameter atLeastOne: the first goes along even when it alone is above the budget.
  func nextWindows(budget: Int, atLeastOne: Bool) -> [TokenWindow] {
    progress.withLock { progress in
      var tokens = 0
      let rest = progress.windows[progress.embedded.texts.count...]
      return Array(
        rest.enumerated().prefix { offset, window in
          tokens += window.tokens.count
          return tokens <= budget || (atLeastOne && offset == 0)
        }.map(\.element))
    }
  }

  /// Takes over the embeddings of the next texts.
  ///
  /// - Returns: whether those were the last.
  func add(_ embeddings: [[Float]], milliseconds: Double) -> Bool {
    progress.withLock { progress in
      for embedding in embeddings {
        let index = progress.embedded.texts.count
        let window = progress.windows[index]
        progress.embedded.texts.append(
          EmbeddedText(
            text: progress.texts?.texts[index] ?? "", tokenCount: window.tokens.count, isTruncated: window.isTruncated,
            embedding: embedding))
      }
      progress.embedded.embedMilliseconds += milliseconds
      return progress.embedded.texts.count == progress.windows.count
    }
  }

  /// Computes the answer and sends it.
  func finish(threads: Int) {
    let embedded = progress.withLock { $0.embedded }
    reply.resolve(
      Result {
        try work.finish(embedded, Work.Turn(threads: threads, cancellation: cancellation, admitted: admitted))
      })
  }

  /// Sends an error instead of an answer, and stops what still runs.
  func abandon(because error: any Error) {
    cancellation.request()
    reply.resolve(.failure(error))
  }
}
