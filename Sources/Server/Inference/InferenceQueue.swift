internal import Dispatch
internal import Foundation
internal import Mixers
internal import Operations
internal import Retrieval
internal import Synchronization

/// Where asynchronous code ends: requests are admitted here, wait, and are computed on threads of their own.
///
/// A request passes three stages: *prepare* (read what must be read, tokenize), *embed* (in a batch with the texts of
/// other requests, up to a budget of tokens) and *finish* (search or score, write the answer). A free thread takes
/// first what is nearest to its answer; but requests that have arrived are prepared before any is embedded, so that
/// those that arrive together are embedded together. A request with many texts takes turns with the others, one
/// batch at a time.
///
/// At most `limit` requests are here at once; more are refused, with the time after which a place is expected.
final class InferenceQueue: Sendable {
  private struct State {
    /// Not prepared yet.
    var arrived: [Job] = []
    /// With texts to embed.
    var tokenized: [Job] = []
    /// Ready for their last step.
    var embedded: [Job] = []
    /// All that are here: the above and those in a thread's hands.
    var admitted = 0
    var isClosed = false
    /// How long requests have lately been here.
    var usualSeconds = 0.1
  }

  /// What a thread does next.
  private enum Step {
    case prepare(Job)
    case embed([(job: Job, texts: [TokenWindow])], TextEmbedder)
    case finish(Job)
  }

  let limit: Int
  let batchTokens: Int
  let threads: Int
  private let state = Mutex(State())
  private let cores: CoreBudget
  /// Counts at least the steps that wait; a thread woken for nothing goes back to sleep.
  private let steps = DispatchSemaphore(value: 0)

  /// - Parameters:
  ///   - limit: requests that wait or are computed.
  ///   - batchTokens: tokens of the texts embedded together; a longer text goes alone.
  ///   - threads: compute threads, which start at once and end with ``close()``.
  init(limit: Int, batchTokens: Int, threads: Int) {
    self.limit = limit
    self.batchTokens = batchTokens
    self.threads = threads
    cores = CoreBudget(threads)
    for number in 0..<threads {
      DedicatedThread.start("compute-\(number)") { [self] in runSteps() }
    }
  }

  /// Computes a request's answer.
  ///
  /// - Throws: what the work throws; ``ServerError`` when there is no place, or the client goes away;
  ///   `CancellationError` when the calling task is cancelled. A request that nobody waits for any more leaves at once.
  func run(_ work: Work, for connection: Connection? = nil) async throws -> Data {
    let job = Job(work)
    try admit(job)
    return try await withTaskCancellationHandler {
      guard let connection else { return try await job.reply.value() }
      return try await connection.watching(onClose: { self.abandon(job, because: ServerError.clientGone) }) {
        try await job.reply.value()
      }
    } onCancel: {
      abandon(job, because: CancellationError())
    }
  }

  /// Requests that are here.
  var count: Int { state.withLock { $0.admitted } }

  /// Admits no more; the threads end once everything that was admitted is answered.
  func close() {
    state.withLock { $0.isClosed = true }
    for _ in 0..<threads { steps.signal() }
  }

  // MARK: Coming and going

  private func admit(_ job: Job) throws {
    try state.withLock { state in
      if state.isClosed { throw ServerError.draining }
      guard state.admitted < limit else {
        throw ServerError(
          .busy, "the server has too many requests", expected: "at most \(limit) at once",
          kind: .overloaded(retryAfterSeconds: min(60, max(1, Int(state.usualSeconds.rounded(.up))))))
      }
      state.admitted += 1
      state.arrived.append(job)
    }
    steps.signal()
  }

  private func abandon(_ job: Job, because error: any Error) {
    job.abandon(because: error)
    state.withLock { state in
      let waiting = state.arrived.count + state.tokenized.count + state.embedded.count
      state.arrived.removeAll { $0 === job }
      state.tokenized.removeAll { $0 === job }
      state.embedded.removeAll { $0 === job }
      // Otherwise a thread has it in its hands, and drops it.
      if state.arrived.count + state.tokenized.count + state.embedded.count < waiting { state.admitted -= 1 }
    }
  }

  private func leave(_ job: Job) {
    let seconds = (ContinuousClock.now - job.admitted) / .seconds(1)
    state.withLock { state in
      state.admitted -= 1
      state.usualSeconds = 0.9 * state.usualSeconds + 0.1 * seconds
    }
  }

  private func fail(_ job: Job, because error: any Error) {
    job.abandon(because: error)
    leave(job)
  }

  // MARK: The compute threads

  private func runSteps() {
    while true {
      steps.wait()
      let (step, isOver) = state.withLock { state in
        (nextStep(&state), state.isClosed && state.admitted == 0)
      }
      switch step {
      case .prepare(let job)?: prepare(job)
      case .embed(let batch, let embedder)?: embed(batch, with: embedder)
      case .finish(let job)?: finish(job)
      case nil: break
      }
      if isOver || state.withLock({ $0.isClosed && $0.admitted == 0 }) {
        // The others may sleep.
        steps.signal()
        return
      }
    }
  }

  private func nextStep(_ state: inout State) -> Step? {
    if !state.embedded.isEmpty { return .finish(state.embedded.removeFirst()) }
    if !state.arrived.isEmpty { return .prepare(state.arrived.removeFirst()) }
    guard let embedder = state.tokenized.first?.embedder else { return nil }
    var batch: [(job: Job, texts: [TokenWindow])] = []
    var budget = batchTokens
    for job in state.tokenized where job.embedder === embedder {
      let texts = job.nextWindows(budget: budget, atLeastOne: batch.isEmpty)
      if texts.isEmpty { break }
      batch.append((job, texts))
      budget -= texts.reduce(0) { $0 + $1.tokens.count }
    }
    state.tokenized.removeAll { job in batch.contains { $0.job === job } }
    return .embed(batch, embedder)
  }

  private func prepare(_ job: Job) {
    if job.isAbandoned { return leave(job) }
    do {
      guard try job.prepare() else { return finish(job) }
      pass(job, to: \.tokenized)
    } catch {
      fail(job, because: error)
    }
  }

  private func embed(_ batch: [(job: Job, texts: [TokenWindow])], with embedder: TextEmbedder) {
    let start = ContinuousClock.now
    do {
      let embeddings = try cores.withCores { try embedder.mixer.embed(batch.flatMap(\.texts), threads: $0) }
      let milliseconds = (ContinuousClock.now - start) / .milliseconds(1)
      let width = embedder.dimension
      var row = 0
      for (job, texts) in batch {
        let part = texts.indices.map { Array(embeddings[(row + $0) * width..<(row + $0 + 1) * width]) }
        row += texts.count
        pass(job, to: job.add(part, milliseconds: milliseconds) ? \.embedded : \.tokenized)
      }
    } catch {
      for (job, _) in batch { fail(job, because: error) }
    }
  }

  private func finish(_ job: Job) {
    if !job.isAbandoned { cores.withCores { job.finish(threads: $0) } }
    leave(job)
  }

  private func pass(_ job: Job, to stage: any WritableKeyPath<State, [Job]> & Sendable) {
    let isWanted = state.withLock { state in
      // Under the lock, so that it is either found by who abandons it or dropped here.
      if job.isAbandoned { return false }
      state[keyPath: stage].append(job)
      return true
    }
    if isWanted { steps.signal() } else { leave(job) }
  }
}
