import Foundation
import Operations
import Retrieval
import Testing

@testable import Server

@Suite struct SearchRouteTests {
  @Test(arguments: SearchMode.allCases.filter { $0 != .projection })
  func everyModeAnswersAsTheLibraryDoes(mode: SearchMode) async throws {
    try await TestServer.run { server in
      let query = "A bird shares its nest."
      let answer = try await server.client.post(
        "/search", json: .object(["query": .string(query), "k": .integer(4), "mode": .string(mode.rawValue)]))
      #expect(answer.status == 200)
      let served = try answer.decoded(SearchResponse.self)
      let direct = try server.engine.search(SearchRequest(query: query, k: 4, mode: mode))
      #expect(served.mode == direct.mode)
      #expect(served.query == query)
      #expect(served.collection == "default")
      #expect(served.results == direct.results)
      #expect(served.results.count == 4)
      #expect(served.timings.total > 0)
    }
  }

  @Test func aFilterIsApplied() async throws {
    try await TestServer.run { server in
      let answer = try await server.client.post(
        "/search", #"{"query": "a friend", "k": 5, "mode": "cosine", "filter": {"animal": "fox"}}"#)
      let served = try answer.decoded(SearchResponse.self)
      #expect(served.results.count == 5)
      #expect(served.results.allSatisfy { $0.metadata["animal"] == .string("fox") })
    }
  }

  @Test func withoutANumberTheBestTenAreGiven() async throws {
    try await TestServer.run { server in
      let answer = try await server.client.post("/search", #"{"query": "Once a friend", "mode": "cosine"}"#)
      #expect(try answer.decoded(SearchResponse.self).results.count == 10)
    }
  }

  @Test func aLongQueryIsReportedAsTruncated() async throws {
    try await TestServer.run { server in
      let query = String(repeating: "the bird and the dog ", count: 40)
      let answer = try await server.client.post(
        "/search", json: .object(["query": .string(query), "mode": .string("cosine")]))
      #expect(try answer.json()["truncated"] == .bool(true))
    }
  }

  /// Queries that arrive together share batches; each must still get its own answer.
  @Test func manyAtOnceAreAllAnsweredCorrectly() async throws {
    try await TestServer.run { server in
      let modes = ["bm25", "cosine", "two-stage", "tournament"]
      let requests = (0..<64).map { index in
        SearchRequest(
          query: "Friend number \(index % 30) of the \(["bird", "dog", "fox"][index % 3])", k: 3,
          mode: SearchMode(rawValue: modes[index % 4]) ?? .bm25)
      }
      let client = server.client
      let answers = try await withThrowingTaskGroup(of: (Int, SearchResponse).self) { group in
        for (index, request) in requests.enumerated() {
          group.addTask {
            let answer = try await client.post(
              "/search",
              json: .object([
                "query": .string(request.query), "k": .integer(3), "mode": .string(request.mode.rawValue),
              ]))
            return (index, try answer.decoded(SearchResponse.self))
          }
        }
        return try await group.reduce(into: [Int: SearchResponse]()) { $0[$1.0] = $1.1 }
      }
      for (index, request) in requests.enumerated() {
        let direct = try server.engine.search(request)
        #expect(answers[index]?.results.map(\.id) == direct.results.map(\.id), "\(request.query) \(request.mode)")
        for (left, right) in zip(answers[index]?.results ?? [], direct.results) {
          #expect(abs(left.score - right.score) <= 1e-4 * max(1, abs(right.score)))
        }
      }
    }
  }
}
