import Crypto
import Foundation
public import Operations

/// Lets a language model write a one-sentence summary of every story of a dataset, and adds them as queries.
///
/// Every story ends with exactly one summary or one reject (`rejects.jsonl`), however often the run was killed:
/// outcomes go into a journal as they come, and into the dataset's files at the end. Stories that have a query
/// already are passed over, so that a grown dataset can be completed.
public struct Summarizer: Sendable {
  public var endpoint: ChatEndpoint
  public var prompt = PromptTemplate.paper
  /// Requests under way at once.
  public var concurrency = 4
  public var retry = RetryPolicy()
  /// Times that an unfit answer is asked again for.
  public var reasks = 2
  public var check = SummaryCheck()
  /// Asks again about stories rejected by an earlier, finished run.
  public var retriesRejects = false
  /// Per million tokens of prompt and of answer.
  public var prices: (prompt: Double, completion: Double)?
  /// For the jitter of retries only: answers do not depend on it.
  public var seed: UInt64 = 0

  public init(endpoint: ChatEndpoint) { self.endpoint = endpoint }

  /// Summarizes the dataset in `path`.
  ///
  /// - Parameter progress: called after each outcome, from any thread.
  /// - Throws: ``DatasetError`` when the service refuses every request or answers none, or what `cancellation`
  ///   throws; the journal then holds what was done, and running again goes on from there.
  public func run(
    _ path: String, cancellation: Cancellation = Cancellation(),
    progress: @escaping @Sendable (SummarizationReport) -> Void = { _ in }
  ) async throws -> SummarizationReport {
    let start = ContinuousClock.now
    let files = SummaryFiles(try Dataset(path))
    let state = try SummarizationState(
      files.dataset, journalSettings: journalSettings, finished: try files.finished(includingRejects: !retriesRejects),
      progress: progress)
    try await work(state, cancellation)
    try files.add(await state.outcomes, retriedRejects: retriesRejects)
    await state.removeJournal()
    var report = await state.report
    report.seconds = (ContinuousClock.now - start).seconds
    report.cost = prices.map {
      (Double(report.promptTokens) * $0.prompt + Double(report.completionTokens) * $0.completion) / 1e6
    }
    return report
  }

  /// What the outcomes depend on.
  private var journalSettings: [String: String] {
    let text = prompt.system + "\u{0}" + prompt.user
    let digest = SHA256.hash(data: Data(text.utf8)).map { StoryIdentifier.hexadecimal(UInt64($0)).suffix(2) }
    return ["model": endpoint.model, "prompt": digest.joined()]
  }

  private func work(_ state: SummarizationState, _ cancellation: Cancellation) async throws {
    let client = ChatClient(endpoint)
    let asker = StoryAsker(client: client, prompt: prompt, check: check, retry: retry, reasks: reasks)
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for worker in 0..<max(1, concurrency) {
        group.addTask {
          try await work(state, asker, SeededGenerator(seed: seed &+ UInt64(worker)), cancellation)
          return true
        }
      }
      group.addTask {
        // Requests can take minutes: a stop must not wait for them.
        while !Task.isCancelled {
          try cancellation.check()
          try? await Task.sleep(for: .milliseconds(50))
        }
        return false
      }
      var left = max(1, concurrency)
      while left > 0, let isWorker = try await group.next() { left -= isWorker ? 1 : 0 }
      group.cancelAll()
    }
  }

  /// One worker: story after story until none is left.
  private func work(
    _ state: SummarizationState, _ asker: StoryAsker, _ generator: SeededGenerator, _ cancellation: Cancellation
  ) async throws {
    var generator = generator
    while let task = try await state.next() {
      try cancellation.check()
      var usage = StoryAsker.Usage()
      do {
        let outcome = try await asker.outcome(for: task.text, usage: &usage, &generator)
        try await state.record(outcome, of: task, usage)
      } catch let failure as StoryAsker.Exhausted {
        guard try await asker.isServiceAlive(&generator) else {
          throw unavailable("the service does not answer", failure.reason, "run again later: what was done is kept")
        }
        try await state.record(.reject(reason: "The service failed: \(failure.reason)", answer: ""), of: task, usage)
      } catch ChatFailure.hopeless(let reason) {
        throw unavailable(
          "the service refuses", reason,
          "check the endpoint, the model's name and \(ChatEndpoint.keyVariables.joined(separator: " or "))")
      }
    }
  }

  private func unavailable(_ what: String, _ reason: String, _ hint: String) -> DatasetError {
    DatasetError(Diagnosis(.failed, what, at: endpoint.url.absoluteString, found: reason, hint: hint))
  }
}
