import Checkpoints
import Foundation
import HTTPTypes
import Operations
import Retrieval
import Testing

@testable import Server

@Suite struct OperationRouteTests {
  @Test func healthAndInformationAreTold() async throws {
    try await TestServer.run {
      $0.maxQueue = 17
    } _: { server in
      #expect(try await server.client.get("/health/live").json()["status"] == .string("live"))
      #expect(try await server.client.get("/health/ready").json()["status"] == .string("ready"))
      let info = try await server.client.get("/info").json()
      #expect(info["embedder"]?["name"] == .string("embedder"))
      #expect(info["embedder"]?["dimension"] == .integer(16))
      #expect(info["embedder"]?["fingerprint"] == .string(server.embedder.fingerprint.hex))
      #expect(info["retriever"]?["context_width"] == .integer(8))
      #expect(info["collections"]?[0]?["documents"] == .integer(30))
      #expect(info["limits"]?["max_queue"] == .integer(17))
    }
  }

  @Test func anotherMethodIsRefusedWithThoseThereAre() async throws {
    try await TestServer.run { server in
      let search = try await server.client.get("/search")
      #expect(search.status == 405)
      #expect(search.headers["allow"] == "POST")
      #expect(try search.json()["error"]?["code"] == .string("method_not_allowed"))
      let info = try await server.client.get("/info", method: "DELETE")
      #expect(info.status == 405)
      #expect(info.headers["allow"] == "GET, HEAD")
      #expect(try await server.client.get("/info", method: "HEAD").status == 200)
      let unknown = try await server.client.get("/nothing/here")
      #expect(unknown.status == 404)
      #expect(try unknown.json()["error"]?["code"] == .string("unknown_route"))
    }
  }

  @Test func everyAnswerHasARequestIdentifier() async throws {
    try await TestServer.run { server in
      let first = try await server.client.get("/health/live").headers["x-request-id"]
      let second = try await server.client.get("/nothing").headers["x-request-id"]
      #expect(first?.isEmpty == false)
      #expect(second?.isEmpty == false)
      #expect(first != second)
    }
  }

  @Test func beforeReadinessAndWhileDrainingRequestsAreRefused() async throws {
    try await TestServer.run { server in
      server.application.state.drain()
      for path in ["/health/ready", "/info"] {
        let answer = try await server.client.get(path)
        #expect(answer.status == 503)
        #expect(answer.headers["retry-after"] == "1")
      }
      #expect(try await server.client.post("/search", #"{"query": "a bird"}"#).status == 503)
      #expect(try await server.client.get("/health/live").status == 200)
    }
    #expect(throws: ServerError.self) { try ServerState().models() }
    #expect(HTTPFailure(ServerError.loading).status.code == 503)
  }

  @Test func aNamedModelThatDoesNotLoadEndsTheServer() async throws {
    let server = try await TestServer(isReady: false) { $0.retriever = ($0.retriever ?? "") + "-missing" }
    do {
      try await server.ended()
      Issue.record("the server runs without its model")
    } catch {
      #expect((error as? any DiagnosedError)?.diagnosis.category == .notFound, "\(error)")
    }
  }

  /// Its loading goes on in the background, and is the last to let the store go. Doing that as a thread ended once
  /// damaged the heap.
  @Test func aPortInUseIsOneClearError() async throws {
    try await TestServer.run { server in
      let port = server.client.port
      for _ in 0..<5 {
        let error = try #require(await server.secondOnTheSamePort() as? ServerError)
        #expect(error.diagnosis.category == .environment)
        #expect(error.diagnosis.location == "127.0.0.1:\(port)")
      }
    }
  }
}
