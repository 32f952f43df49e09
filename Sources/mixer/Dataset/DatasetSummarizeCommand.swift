import ArgumentParser
import Datasets
import Foundation
import Operations

struct DatasetSummarizeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "summarize",
    abstract: "Let a language model write a one-sentence summary of every story.",
    discussion: """
      Talks to any OpenAI-compatible chat endpoint. A key is taken from MIXER_API_KEY or OPENAI_API_KEY only. What is \
      done lies in a journal in the dataset folder: a run that was killed or failed goes on with the same command. \
      Stories that have a query already are passed over. At the end queries.jsonl, qrels/all.tsv and rejects.jsonl \
      hold exactly one summary or one reject a story.

      A prompt file is the user's message with {story} in it; or the system's message, a line ---, and the user's.

      Example:
        mixer dataset summarize --dataset stories --endpoint http://localhost:8000 --model-name llama-3-8b-instruct
      """)

  @OptionGroup var options: DatasetOption
  @Option(help: ArgumentHelp("The server, its API, or the full address of its chat completions.", valueName: "URL"))
  var endpoint: String
  @Option(help: ArgumentHelp("The model, as the endpoint calls it.", valueName: "NAME"))
  var modelName: String
  @Option(help: "Requests under way at once.")
  var concurrency = 4
  @Option(help: ArgumentHelp("A prompt template (default: the paper's).", valueName: "FILE"))
  var prompt: String?
  @Option(help: "Seconds that one request may take.")
  var timeout = 120.0
  @Option(help: "Times that a failed request is sent at most.")
  var attempts = 8
  @Option(help: "Times that an unfit answer is asked again for.")
  var reasks = 2
  @Option(help: "The most tokens of an answer.")
  var maxTokens = 128
  @Option(help: "Price of a million tokens of prompt, for the report.")
  var promptPrice: Double?
  @Option(help: "Price of a million tokens of answer, for the report.")
  var completionPrice: Double?
  @Flag(help: "Ask again about stories that an earlier run rejected.")
  var retryRejects = false
  @OptionGroup var json: JSONOption

  func validate() throws {
    if !(1...256).contains(concurrency) {
      throw ValidationError("--concurrency: expected 1 to 256, found \(concurrency)")
    }
    if !(timeout > 0 && timeout <= 86_400) { throw ValidationError("--timeout: expected seconds, found \(timeout)") }
    if attempts < 1 { throw ValidationError("--attempts: expected at least 1, found \(attempts)") }
    if reasks < 0 { throw ValidationError("--reasks: expected 0 or more, found \(reasks)") }
    if maxTokens < 1 { throw ValidationError("--max-tokens: expected at least 1, found \(maxTokens)") }
  }

  func run() async throws {
    var chat = try ChatEndpoint(endpoint, model: modelName)
    chat.timeout = .seconds(timeout)
    chat.maximumTokens = maxTokens
    var summarizer = Summarizer(endpoint: chat)
    if let prompt { summarizer.prompt = try PromptTemplate(contentsOf: prompt) }
    (summarizer.concurrency, summarizer.reasks) = (concurrency, reasks)
    summarizer.retry.attempts = attempts
    summarizer.retriesRejects = retryRejects
    // The clock's nanoseconds: clients that failed together should not come back together.
    summarizer.seed = DispatchTime.now().uptimeNanoseconds
    if promptPrice != nil || completionPrice != nil { summarizer.prices = (promptPrice ?? 0, completionPrice ?? 0) }
    let cancellation = Cancellation()
    let trap = SignalTrap(cancellation)
    let progress = ProgressLine("summarize", unit: "stories")
    defer { withExtendedLifetime(trap) { progress.finish() } }
    let report = try await summarizer.run(options.dataset, cancellation: cancellation) { report in
      progress.update(
        done: report.summaries + report.rejects, total: report.stories - report.doneBefore - report.fromJournal,
        note: "\(report.rejects) rejects, \(report.retries) retries, "
          + "\((report.promptTokens + report.completionTokens).grouped) tokens")
    }
    if json.isOn { return try DatasetReportOutput.print(report) }
    print(
      "\(report.summaries.grouped) summaries and \(report.rejects.grouped) rejects of \(report.stories.grouped) stories"
    )
    if report.doneBefore > 0 { print("  \(report.doneBefore.grouped) stories were done before") }
    if report.fromJournal > 0 { print("  \(report.fromJournal.grouped) outcomes from an interrupted run") }
    print(
      "  \(report.requests.grouped) requests, \(report.retries.grouped) of them retries, \(report.reasks.grouped) asked again"
    )
    let cost = report.cost.map { String(format: ", cost %.4f", $0) } ?? ""
    print("  \(report.promptTokens.grouped) tokens of prompts, \(report.completionTokens.grouped) of answers\(cost)")
    print("  \(ProgressLine.duration(report.seconds))")
  }
}
