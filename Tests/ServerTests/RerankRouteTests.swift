import Checkpoints
import EmbeddingStore
import Foundation
import Operations
import Retrieval
import Testing

@testable import Server

@Suite struct RerankRouteTests {
  static let query = "A bird shares its nest."

  /// More than one context of the tiny retriever (7 texts) holds.
  static let many = TestFixture.stories.prefix(25).map(\.text)
  static let few = Array(many.prefix(6))

  static func direct(_ server: TestServer, _ texts: [String], k: Int? = nil) throws -> [Int] {
    let retriever = try server.engine.models.retriever(
      for: server.embedder.fingerprint.hex, dimension: server.embedder.dimension)
    return try Reranker(embedder: server.embedder, scorer: ContextScorer(retriever, threads: 1))
      .rerank(query: query, texts: texts, k: k).map(\.index)
  }

  @Test(arguments: [few, many]) func theOrderIsTheLibrarysAndScoresFall(texts: [String]) async throws {
    try await TestServer.run { server in
      for raw in [false, true] {
        let answer = try await server.client.post(
          "/rerank",
          json: .object([
            "query": .string(Self.query), "texts": .array(texts.map(JSONValue.string)), "raw_scores": .bool(raw),
            "return_text": .bool(raw),
          ]))
        #expect(answer.status == 200)
        let results = try answer.json().array
        #expect(results.map { Int($0["index"]?.number ?? -1) } == (try Self.direct(server, texts)))
        let scores = try results.map { try #require($0["score"]?.number) }
        #expect(zip(scores, scores.dropFirst()).allSatisfy { $0 > $1 })
        if !raw { #expect(scores.allSatisfy { (0...1).contains($0) }) }
        for result in results {
          let index = Int(result["index"]?.number ?? -1)
          #expect(result["text"] == (raw ? .string(texts[index]) : nil))
        }
      }
    }
  }

  @Test func documentsInEitherFormAreRanked() async throws {
    try await TestServer.run { server in
      let documents = Self.many.enumerated().map { index, text in
        index % 2 == 0 ? JSONValue.string(text) : .object(["text": .string(text)])
      }
      let answer = try await server.client.post(
        "/v1/rerank",
        json: .object([
          "query": .string(Self.query), "documents": .array(documents), "top_n": .integer(3),
          "return_documents": .bool(true), "model": .string("retriever"),
        ]))
      #expect(answer.status == 200)
      let json = try answer.json()
      let results = json["results"]?.array ?? []
      #expect(results.count == 3)
      #expect(
        results.map { Int($0["index"]?.number ?? -1) } == Array(try Self.direct(server, Self.many, k: 3).prefix(3)))
      for result in results {
        let index = Int(result["index"]?.number ?? -1)
        #expect(result["document"]?["text"] == .string(Self.many[index]))
        #expect((0...1).contains(result["relevance_score"]?.number ?? -1))
      }
      #expect((json["usage"]?["total_tokens"]?.number ?? 0) > 100)
    }
  }

  @Test func aTextThatMustNotBeCutIsRefused() async throws {
    try await TestServer.run { server in
      let long = String(repeating: "the bird and the dog ", count: 40)
      let body: [String: JSONValue] = [
        "query": .string(Self.query), "texts": .array([.string("short"), .string(long)]),
      ]
      #expect(try await server.client.post("/rerank", json: .object(body)).status == 200)
      let refused = try await server.client.post(
        "/rerank", json: .object(body.merging(["truncate": .bool(false)]) { $1 }))
      #expect(refused.status == 422)
      #expect(try refused.json()["error"]?["param"] == .string("texts[1]"))
    }
  }
}
