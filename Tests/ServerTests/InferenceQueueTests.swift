import EmbeddingStore
import Foundation
import HTTPTypes
import Operations
import Retrieval
import Synchronization
import Testing

@testable import Server

@Suite struct InferenceQueueTests {
  /// What requests' last steps saw.
  final class Record<Value: Sendable>: Sendable {
    private let list = Mutex<[Value]>([])
    var values: [Value] { list.withLock { $0 } }
    func add(_ value: Value) { list.withLock { $0.append(value) } }
  }

  @Test func queriesThatArriveTogetherAreEmbeddedAsOneBatch() async throws {
    let embedder = try TestFixture.shared.get().embedder
    let queue = InferenceQueue(limit: 100, batchTokens: 2048, threads: 1)
    defer { queue.close() }
    let gate = Gate()
    let seen = Record<Double>()
    async let blocker = queue.run(
      Work { _, _ in
        gate.wait()
        return Data()
      })
    let tasks = (0..<8).map { index in
      Task {
        try await queue.run(
          Work(
            prepare: { Work.Texts(embedder: embedder, texts: ["query number \(index)"], field: { _ in "query" }) },
            finish: { embedded, _ in
              seen.add(embedded.embedMilliseconds)
              return Data(embedded.texts.map(\.text).joined().utf8)
            }))
      }
    }
    try await until { queue.count == 9 }
    gate.open()
    for (index, task) in tasks.enumerated() {
      #expect(String(decoding: try await task.value, as: UTF8.self) == "query number \(index)")
    }
    _ = try await blocker
    // One batch took one time.
    let times = seen.values
    #expect(times.count == 8)
    #expect(Set(times).count == 1)
    #expect((times.first ?? 0) > 0)
  }

  @Test func oneBadTextFailsOnlyItsOwnRequest() async throws {
    let embedder = try TestFixture.shared.get().embedder
    let queue = InferenceQueue(limit: 100, batchTokens: 2048, threads: 2)
    defer { queue.close() }
    @Sendable func run(_ texts: [String]) async throws -> Int {
      let work = Work(
        prepare: { Work.Texts(embedder: embedder, texts: texts, field: { "texts[\($0)]" }) },
        finish: { embedded, _ in Data("\(embedded.texts.count)".utf8) })
      return Int(String(decoding: try await queue.run(work), as: UTF8.self)) ?? -1
    }
    async let good = run(["a bird", "a dog", "a cat"])
    async let bad = run(["a bird", ""])
    #expect(try await good == 3)
    do {
      _ = try await bad
      Issue.record("an empty text was embedded")
    } catch let error as ServerError {
      #expect(error.diagnosis.location == "texts[1]")
      #expect(HTTPFailure(error).status.code == 422)
    }
    try await until { queue.count == 0 }
  }

  @Test func requestsInPartsComeOutWhole() async throws {
    let embedder = try TestFixture.shared.get().embedder
    // A budget below one text's length: each goes alone.
    let queue = InferenceQueue(limit: 100, batchTokens: 3, threads: 2)
    defer { queue.close() }
    let texts = TestFixture.stories.map(\.text)
    let direct = try embedder.embed(texts, threads: 1)
    let embedded = Record<[EmbeddedText]>()
    _ = try await queue.run(
      Work(
        prepare: { Work.Texts(embedder: embedder, texts: texts, field: { _ in "input" }) },
        finish: { result, _ in
          embedded.add(result.texts)
          return Data()
        }))
    let served = try #require(embedded.values.first)
    #expect(served.map(\.text) == texts)
    for (left, right) in zip(served, direct) { EmbeddingsRouteTests.expectClose(left.embedding, right.embedding) }
  }

  @Test func aClosedQueueAnswersWhatItHasAndTakesNoMore() async throws {
    let queue = InferenceQueue(limit: 10, batchTokens: 10, threads: 2)
    let gate = Gate()
    async let last = queue.run(
      Work { _, _ in
        gate.wait()
        return Data("done".utf8)
      })
    try await until { queue.count == 1 }
    queue.close()
    await #expect(throws: ServerError.self) { try await queue.run(Work { _, _ in Data() }) }
    gate.open()
    #expect(try await last == Data("done".utf8))
  }

  @Test func coresAreSharedOut() {
    let budget = CoreBudget(4)
    budget.withCores { first in
      #expect(first == 4)
      budget.withCores { second in #expect(second == 1) }
    }
    budget.withCores { #expect($0 == 4) }
  }
}
