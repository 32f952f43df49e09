import Operations

/// Gets one story's outcome: asks, waits and asks again while the service fails, and tells the model what was wrong
/// with an answer that will not do.
struct StoryAsker: Sendable {
  let client: ChatClient
  let prompt: PromptTemplate
  let check: SummaryCheck
  let retry: RetryPolicy
  /// Times that an unfit answer is asked again for at most.
  let reasks: Int

  /// What asking cost, also when it failed.
  struct Usage: Sendable {
    var requests = 0
    var retries = 0
    var reasks = 0
    var promptTokens = 0
    var completionTokens = 0
  }

  /// The service kept failing for this story.
  struct Exhausted: Error {
    var reason: String
  }

  /// - Throws: ``Exhausted`` when every attempt failed, ``ChatFailure/hopeless(_:)``, or `CancellationError`.
  func outcome(for story: String, usage: inout Usage, _ generator: inout SeededGenerator) async throws
    -> SummaryOutcome
  {
    var messages = prompt.messages(for: story)
    while true {
      let answer: ChatAnswer
      do {
        answer = try await self.answer(to: messages, usage: &usage, &generator)
      } catch ChatFailure.refused(let reason) {
        return .reject(reason: reason, answer: "")
      }
      switch check.verdict(answer, story: story) {
      case .success(let summary): return .summary(summary)
      case .failure(let rejection):
        guard usage.reasks < reasks else { return .reject(reason: rejection.reason, answer: answer.text) }
        usage.reasks += 1
        messages.append(ChatMessage(role: "assistant", content: answer.text))
        messages.append(
          ChatMessage(
            role: "user",
            content: "\(rejection.reason) Answer with exactly one sentence of at most \(check.length.upperBound) "
              + "words that tells what happens in the story, in your own words and nothing else."))
      }
    }
  }

  /// Whether the service answers anything at all: tells a story it cannot take from a service that is down.
  func isServiceAlive(_ generator: inout SeededGenerator) async throws -> Bool {
    var usage = Usage()
    do {
      _ = try await answer(to: [ChatMessage(role: "user", content: "Reply with OK.")], usage: &usage, &generator)
      return true
    } catch is Exhausted {
      return false
    } catch ChatFailure.refused {
      return true
    }
  }

  private func answer(
    to messages: [ChatMessage], usage: inout Usage, _ generator: inout SeededGenerator
  ) async throws -> ChatAnswer {
    var failures = 0
    while true {
      do {
        usage.requests += 1
        let answer = try await client.answer(to: messages)
        usage.promptTokens += answer.promptTokens
        usage.completionTokens += answer.completionTokens
        return answer
      } catch ChatFailure.retry(let reason, let after) {
        failures += 1
        if failures >= retry.attempts { throw Exhausted(reason: reason) }
        usage.retries += 1
        try await Task.sleep(for: retry.delay(afterFailure: failures, retryAfter: after, &generator))
      }
    }
  }
}
