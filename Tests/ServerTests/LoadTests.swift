import EmbeddingStore
import Foundation
import Operations
import Retrieval
import Testing

@testable import Server

/// More requests than there is room for, answers that take too long, clients that go away, and an end in the middle.
@Suite struct LoadTests {
  static let search = #"{"query": "A bird shares its nest.", "k": 3, "mode": "cosine"}"#

  @Test func aFullQueueRefusesAndRecovers() async throws {
    try await TestServer.run {
      $0.threads = 1
      $0.maxQueue = 3
    } _: { server in
      let gate = Gate()
      try await server.occupyThread(until: gate)
      let client = server.client
      // One is being computed; two more find a place.
      let waiting = (0..<2).map { _ in Task { try await client.post("/search", Self.search) } }
      try await until { server.application.queue.count == 3 }
      let refused = try await client.post("/search", Self.search)
      #expect(refused.status == 429)
      #expect(Int(refused.headers["retry-after"] ?? "").map { (1...60).contains($0) } == true)
      #expect(try refused.json()["error"]?["code"] == .string("overloaded"))
      gate.open()
      for task in waiting { #expect(try await task.value.status == 200) }
      try await until { server.application.queue.count == 0 }
      #expect(try await client.post("/search", Self.search).status == 200)
    }
  }

  @Test func anAnswerThatTakesTooLongIsRefused() async throws {
    try await TestServer.run {
      $0.threads = 1
      $0.deadline = 0.2
    } _: { server in
      let gate = Gate()
      try await server.occupyThread(until: gate)
      let late = try await server.client.post("/search", Self.search)
      #expect(late.status == 504)
      #expect(try late.json()["error"]?["code"] == .string("deadline_exceeded"))
      // Its place is free although its turn never came.
      #expect(server.application.queue.count == 1)
      gate.open()
      try await until { server.application.queue.count == 0 }
      #expect(try await server.client.post("/search", Self.search).status == 200)
    }
  }

  @Test func aBodyThatNeverEndsEndsTheConnection() async throws {
    try await TestServer.run {
      $0.deadline = 0.2
    } _: { server in
      let raw = try RawConnection(port: server.client.port)
      raw.send("POST /search HTTP/1.1\r\nHost: test\r\nContent-Length: 1000\r\n\r\n{\"query\":")
      // Returns at all because the server hangs up; an answer may or may not get through.
      #expect(try await !raw.read(until: "}").hasPrefix("HTTP/1.1 200"))
      #expect(try await server.client.post("/search", Self.search).status == 200)
    }
  }

  @Test func aClientThatGoesAwayGivesItsPlaceBack() async throws {
    try await TestServer.run {
      $0.threads = 1
    } _: { server in
      let gate = Gate()
      try await server.occupyThread(until: gate)
      let raw = try RawConnection(port: server.client.port)
      raw.post("/search", Self.search)
      try await until { server.application.queue.count == 2 }
      raw.hangUp()
      // Before the thread is free again.
      try await until { server.application.queue.count == 1 }
      gate.open()
    }
  }

  @Test func aConnectionServesOneRequestAfterTheOther() async throws {
    try await TestServer.run { server in
      let raw = try RawConnection(port: server.client.port)
      for _ in 0..<3 {
        raw.post("/search", Self.search)
        #expect(try await raw.read(until: "\"timings_ms\"").hasPrefix("HTTP/1.1 200"))
      }
    }
  }

  @Test func whatWasAskedIsAnsweredWhenTheServerStops() async throws {
    let server = try await TestServer { $0.threads = 1 }
    let gate = Gate()
    try await server.occupyThread(until: gate)
    let client = server.client
    let asked = Task { try await client.post("/search", Self.search) }
    try await until { server.application.queue.count == 2 }
    await server.application.shutDown()
    try await until { (try? server.application.state.models()) == nil }
    gate.open()
    #expect(try await asked.value.status == 200)
    try await server.ended()
    await #expect(throws: (any Error).self) { try await client.get("/health/live") }
  }

  @Test func theDrainDeadlineEndsAServerThatCannotFinish() async throws {
    let server = try await TestServer {
      $0.threads = 1
      $0.drainDeadline = 0.2
    }
    let gate = Gate()
    try await server.occupyThread(until: gate)
    let client = server.client
    let asked = Task { try await client.post("/search", Self.search) }
    try await until { server.application.queue.count == 2 }
    try? await server.stop()
    // Refused, or cut off.
    let answer = try? await asked.value
    #expect(answer == nil || answer?.status == 503)
    gate.open()
  }

  @Test func whatAnotherProcessIndexesIsFound() async throws {
    try await TestServer.run { server in
      let body = #"{"query": "zeppelin", "k": 1, "mode": "bm25"}"#
      #expect(try await server.client.post("/search", body).decoded(SearchResponse.self).results.isEmpty)
      let text = "A zeppelin floats over the town."
      let writer = try SQLiteStore(path: server.store, mode: .readWrite)
      let embedded = try server.embedder.embed([text], threads: 1)
      _ = try writer.upsert(
        [EmbeddedDocument(document: Document(id: "z", text: text, metadata: nil), embedding: embedded[0].embedding)],
        into: "default")
      #expect(try await server.client.post("/search", body).decoded(SearchResponse.self).results.map(\.id) == ["z"])
      let dense = try await server.client.post(
        "/search", json: .object(["query": .string(text), "k": .integer(1), "mode": .string("cosine")]))
      #expect(try dense.decoded(SearchResponse.self).results.map(\.id) == ["z"])
      writer.close()
    }
  }
}
