import Foundation
import Operations
import Synchronization
import Testing

@testable import Datasets

/// Serialized: each test has a server with threads of its own.
@Suite(.serialized) struct SummarizerTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Stories 7 and 8 have the same text.
  func makeDataset(_ name: String = "d", count: Int = 12) throws -> String {
    let lines = (0..<count).map { number in
      let animal = "animal\(number == 8 ? 7 : number)"
      return
        "{\"_id\": \"s\(number)\", \"text\": \"Once there was an \(animal) here. It lost its ball. Then all was well.\"}\n"
    }
    try folder.write(lines.joined(), to: "\(name)/corpus.jsonl")
    return folder.file(name)
  }

  /// The summary the good server gives: fixed by the story.
  static func summary(_ question: String) -> String {
    let animal = question.split(separator: " ").first { $0.hasPrefix("animal") } ?? "nobody"
    return "The \(animal) finally finds the toy that went missing."
  }

  func summarizer(_ server: ChatServer, key: String? = nil) throws -> Summarizer {
    var endpoint = try ChatEndpoint(
      server.endpoint, model: "tiny", environment: key.map { ["MIXER_API_KEY": $0] } ?? [:])
    endpoint.timeout = .seconds(20)
    var summarizer = Summarizer(endpoint: endpoint)
    summarizer.retry.base = .milliseconds(2)
    summarizer.retry.longest = .milliseconds(10)
    return summarizer
  }

  /// What each story ended with; fails on a story with none or two.
  func outcomes(_ path: String) throws -> [String: String] {
    let dataset = try Dataset(path)
    let texts = Dictionary(uniqueKeysWithValues: try dataset.queries().map { ($0.id, $0.text) })
    var result: [String: String] = [:]
    for (judgement, _) in try dataset.judgements(of: "all") {
      #expect(result.updateValue(texts[judgement.queryID] ?? "missing", forKey: judgement.storyID) == nil)
    }
    try LineFile.forEachRow(path + "/rejects.jsonl") { row, _ in
      let id = try row.text("_id")
      #expect(result.updateValue("reject: " + (try row.text("reason")), forKey: id) == nil)
    }
    return result
  }

  @Test func everyStoryGetsItsSummaryAndThePromptIsThePapers() async throws {
    let server = try ChatServer { .answer(Self.summary($0.question)) }
    let path = try makeDataset()
    let report = try await summarizer(server, key: "secret-key").run(path)
    let outcomes = try outcomes(path)
    #expect(outcomes.count == 12)
    #expect(outcomes["s3"] == "The animal3 finally finds the toy that went missing.")
    #expect(outcomes["s8"] == outcomes["s7"])
    // Two stories share their text and so the request.
    #expect(report.requests == 11 && report.summaries == 11 && report.rejects == 0 && report.stories == 12)
    #expect(report.promptTokens == 1100 && report.completionTokens == 220)
    let request = server.requests[0]
    #expect(request.headers.hasPrefix("POST /v1/chat/completions HTTP/1.1"))
    #expect(request.headers.contains("Authorization: Bearer secret-key"))
    #expect(request.body.contains("\"temperature\":0") && request.body.contains("\"model\":\"tiny\""))
    #expect(request.body.contains("You are an assistant for creating summaries for short stories."))
    #expect(try folder.snapshot().keys.allSatisfy { !$0.contains("journal") })
    #expect(try folder.snapshot().values.allSatisfy { !$0.contains("secret-key") })
  }

  @Test func everyFaultEndsInTheSameResultAsNone() async throws {
    let good = try ChatServer { .answer(Self.summary($0.question)) }
    let expected = try makeDataset("expected", count: 40)
    _ = try await summarizer(good).run(expected)
    let faulty = try ChatServer { request in
      switch request.number % 9 {
      case 0: .status(429, retryAfter: "0")
      case 1: .status(500)
      case 2: .cut
      case 3: .truncated
      case 4: .raw("{\"choices\": []}")
      case 5: .raw("<html>bad gateway</html>")
      case 6: .status(503, retryAfter: "not a date")
      default: .answer(Self.summary(request.question))
      }
    }
    let path = try makeDataset("faulty", count: 40)
    var summarizer = try summarizer(faulty)
    summarizer.retry.attempts = 40
    let report = try await summarizer.run(path)
    #expect(report.retries > 100)
    #expect(try folder.snapshot(of: "faulty") == folder.snapshot(of: "expected"))
  }

  @Test func aSlowAnswerIsGivenUpAndAskedForAgain() async throws {
    let server = try ChatServer { request in
      request.number < 3 ? .slow(5, "Too late to be of any use here.") : .answer(Self.summary(request.question))
    }
    let path = try makeDataset(count: 4)
    var summarizer = try summarizer(server)
    summarizer.endpoint.timeout = .milliseconds(300)
    let report = try await summarizer.run(path)
    #expect(report.retries == 3)
    #expect(try outcomes(path).values.allSatisfy { $0.hasPrefix("The animal") })
  }

  @Test func retryAfterIsObeyed() async throws {
    let server = try ChatServer { request in
      request.number == 0 ? .status(429, retryAfter: "1") : .answer(Self.summary(request.question))
    }
    let path = try makeDataset(count: 1)
    let report = try await summarizer(server).run(path)
    #expect(report.requests == 2 && report.seconds >= 1)
    #expect(ChatClient.retryDelay("2.5") == .seconds(2.5))
    #expect(ChatClient.retryDelay("-3") == .seconds(0) && ChatClient.retryDelay("soon") == nil)
    let date = Date(timeIntervalSince1970: 784_111_777)
    #expect(ChatClient.retryDelay("Sun, 06 Nov 1994 08:49:47 GMT", now: date) == .seconds(10))
  }

  @Test(arguments: [401, 404]) func aRefusingServiceEndsTheRunAtOnce(status: Int) async throws {
    let server = try ChatServer { _ in .status(status) }
    let path = try makeDataset()
    do {
      _ = try await summarizer(server).run(path)
      Issue.record("no error")
    } catch let error as DatasetError {
      #expect(error.diagnosis.line.contains("HTTP \(status): told to fail"))
      #expect(server.requests.count <= 8)
    }
    #expect(!FileManager.default.fileExists(atPath: path + "/queries.jsonl"))
  }

  @Test func aDeadServiceStopsTheRunButNothingIsLost() async throws {
    let path = try makeDataset()
    let dying = try ChatServer { $0.number < 6 ? .answer(Self.summary($0.question)) : .status(500) }
    var summarizer = try summarizer(dying)
    summarizer.retry.attempts = 3
    summarizer.concurrency = 2
    await #expect(throws: DatasetError.self) { _ = try await summarizer.run(path) }
    let again = try ChatServer { .answer(Self.summary($0.question)) }
    let report = try await self.summarizer(again).run(path)
    #expect(report.fromJournal == 6 && again.requests.count == 5)
    #expect(try outcomes(path).values.allSatisfy { $0.hasPrefix("The animal") })
  }

  @Test func aStoryThatTheServiceAlwaysFailsForIsRejectedAlone() async throws {
    let server = try ChatServer { request in
      request.question.contains("animal2 ")
        ? .status(500) : request.question.contains("animal4 ") ? .status(400) : .answer(Self.summary(request.question))
    }
    let path = try makeDataset()
    var summarizer = try summarizer(server)
    summarizer.retry.attempts = 4
    let report = try await summarizer.run(path)
    let outcomes = try outcomes(path)
    #expect(report.rejects == 2 && outcomes.count == 12)
    #expect(outcomes["s2"] == "reject: The service failed: HTTP 500: told to fail")
    #expect(outcomes["s4"] == "reject: HTTP 400: told to fail")
  }

  @Test func unfitAnswersAreAskedForAgainAndThenRejected() async throws {
    let server = try ChatServer { request in
      if request.body.contains("animal1 ") { return .answer("Here is a summary: it was nice.") }
      if request.body.contains("animal2 "), request.messageCount < 4 { return .answer("Two. Sentences.") }
      return .answer(Self.summary(request.body))
    }
    let path = try makeDataset(count: 4)
    let report = try await summarizer(server).run(path)
    let outcomes = try outcomes(path)
    #expect(outcomes["s1"] == "reject: The answer began with “here is”.")
    #expect(outcomes["s2"] == "The animal2 finally finds the toy that went missing.")
    #expect(report.reasks == 3 && report.requests == 7)
    let reask = server.requests.first { $0.messageCount == 4 && $0.body.contains("animal2 ") }
    #expect(reask?.question.hasPrefix("The answer had 2 sentences. Answer with exactly one sentence") == true)
  }

  @Test func anInterruptedRunGoesOnToTheSameResult() async throws {
    let server = try ChatServer { .answer(Self.summary($0.question)) }
    let expected = try makeDataset("expected", count: 60)
    _ = try await summarizer(server).run(expected)
    let path = try makeDataset("interrupted", count: 60)
    var rounds = 0
    while true {
      let cancellation = Cancellation()
      let done = Mutex(0)
      do {
        _ = try await summarizer(server).run(path, cancellation: cancellation) { _ in
          if done.withLock({
            $0 += 1; return $0
          }) == 7 {
            cancellation.request()
          }
        }
        break
      } catch let error as OperationError {
        #expect(error.diagnosis.category == .interrupted)
        #expect(!FileManager.default.fileExists(atPath: path + "/queries.jsonl"))
        rounds += 1
      }
    }
    #expect(rounds >= 3)
    #expect(try folder.snapshot(of: "interrupted") == folder.snapshot(of: "expected"))
  }

  @Test func aStopDoesNotWaitForASlowAnswer() async throws {
    let server = try ChatServer { _ in .slow(15, "An answer that nobody waits for.") }
    let path = try makeDataset(count: 2)
    let cancellation = Cancellation()
    let stop = Task {
      try await Task.sleep(for: .milliseconds(200))
      cancellation.request()
    }
    let start = ContinuousClock.now
    await #expect(throws: OperationError.self) {
      _ = try await summarizer(server).run(path, cancellation: cancellation)
    }
    #expect(ContinuousClock.now - start < .seconds(10))
    try await stop.value
  }

  @Test func aJournalCutAnywhereIsCompleted() async throws {
    let server = try ChatServer { .answer(Self.summary($0.question)) }
    let expected = try makeDataset("expected", count: 6)
    _ = try await summarizer(server).run(expected)
    let settings = ["model": "tiny", "prompt": "p"]
    let path = folder.file("whole.jsonl")
    do {
      let journal = try SummaryJournal(path, settings: settings)
      try journal.record(.summary("Ünïcode “quotes”."), of: "aa")
      try journal.record(.reject(reason: "no", answer: "line\nbreak"), of: "bb")
    }
    let whole = try Data(contentsOf: URL(fileURLWithPath: path))
    let lineEnds = whole.indices.filter { whole[$0] == UInt8(ascii: "\n") }
    for length in 0...whole.count {
      let cut = try folder.write(whole.prefix(length), to: "cut.jsonl")
      let journal = try SummaryJournal(cut, settings: settings)
      #expect(journal.outcomes.count == max(0, lineEnds.filter { $0 < length }.count - 1))
    }
    let again = try SummaryJournal(path, settings: settings)
    #expect(
      again.outcomes == ["aa": .summary("Ünïcode “quotes”."), "bb": .reject(reason: "no", answer: "line\nbreak")])
    #expect(message { try SummaryJournal(path, settings: settings) }.contains("another run is summarizing"))
  }

  @Test func aJournalOfOtherSettingsOrADamagedOneIsRefused() throws {
    let path = folder.file("j.jsonl")
    do { _ = try SummaryJournal(path, settings: ["model": "a", "prompt": "p"]) }
    #expect(
      message { try SummaryJournal(path, settings: ["model": "b", "prompt": "p"]) }
        .contains("a run with another model: expected a, found b"))
    try folder.write("{\"journal\": 1, \"model\": \"a\", \"prompt\": \"p\"}\nnonsense\n", to: "j.jsonl")
    #expect(
      message { try SummaryJournal(path, settings: ["model": "a", "prompt": "p"]) }.contains(
        "j.jsonl:2: malformed JSON"))
  }

  @Test func aGrownDatasetIsCompletedAndRejectsCanBeRetried() async throws {
    let path = try makeDataset(count: 3)
    let stubborn = try ChatServer { $0.body.contains("animal1 ") ? .answer("no") : .answer(Self.summary($0.body)) }
    _ = try await summarizer(stubborn).run(path)
    let before = try Dataset(path).queries()
    _ = try makeDataset(count: 5)
    let server = try ChatServer { .answer(Self.summary($0.question)) }
    let report = try await summarizer(server).run(path)
    #expect(report.doneBefore == 3 && report.requests == 2)
    #expect(try Dataset(path).queries().prefix(2) == before[...])
    var retrying = try summarizer(server)
    retrying.retriesRejects = true
    #expect(try await retrying.run(path).requests == 1)
    #expect(try outcomes(path).count == 5 && outcomes(path).values.allSatisfy { !$0.hasPrefix("reject") })
  }

  @Test(arguments: [
    ("The dog finds a ball.", "The dog finds a ball."), ("\"The dog finds a ball.\"", "The dog finds a ball."),
    ("  The dog  finds a ball  ", "The dog finds a ball."),
    ("Surely the dog finds a ball.", "Surely the dog finds a ball."),
    ("Mr. Dog says \"No!\" and finds a ball.", "Mr. Dog says \"No!\" and finds a ball."),
    ("", "The answer was empty."), ("Here is a summary: a dog finds it.", "The answer began with “here is”."),
    ("Sure! The dog finds a ball.", "The answer began with “sure”."),
    ("A dog. It finds a ball.", "The answer had 2 sentences."),
    ("A dog finds\na ball today.", "The answer had several lines."), ("Dogs run.", "The answer had only 2 words."),
    (
      "The little dog ran and ran until it found the big red ball under the tree.",
      "The answer copied 16 words in a row from the story."
    ),
    (String(repeating: "word ", count: 61), "The answer had 61 words."),
  ])
  func answersAreJudged(answer: String, expected: String) {
    let story = "Once the little dog ran and ran until it found the big red ball under the tree. It was happy."
    let verdict = SummaryCheck().verdict(
      ChatAnswer(text: answer, isComplete: true, promptTokens: 0, completionTokens: 0), story: story)
    switch verdict {
    case .success(let text): #expect(text == expected)
    case .failure(let rejection): #expect(rejection.reason == expected)
    }
    let cut = SummaryCheck().verdict(
      ChatAnswer(text: "The dog finds a ball.", isComplete: false, promptTokens: 0, completionTokens: 0), story: story)
    #expect(cut == .failure("The answer was too long and was cut off."))
  }

  @Test func endpointsAndPromptsAreChecked() throws {
    func url(_ text: String) throws -> String {
      try ChatEndpoint(text, model: "m", environment: [:]).url.absoluteString
    }
    #expect(try url("http://host:80") == "http://host:80/v1/chat/completions")
    #expect(try url("https://host/api/v1/") == "https://host/api/v1/chat/completions")
    #expect(try url("http://host/v1/chat/completions") == "http://host/v1/chat/completions")
    for bad in ["", "host", "ftp://host", "http://", "http://user:password@host"] {
      #expect(message { try url(bad) }.contains("no HTTP address"), "\(bad)")
    }
    let broken = message {
      try ChatEndpoint("http://host", model: "m", environment: ["OPENAI_API_KEY": "a\nX-Evil: b"])
    }
    #expect(broken.contains("the key holds white space") && !broken.contains("Evil"))
    let file = try folder.write("Be brief.\n---\nTell {story}\n", to: "prompt.txt")
    #expect(try PromptTemplate(contentsOf: file) == PromptTemplate(system: "Be brief.", user: "Tell {story}"))
    #expect(
      message { try PromptTemplate(contentsOf: folder.write("no place", to: "bad.txt")) }.contains(
        "no place for the story"))
  }
}
