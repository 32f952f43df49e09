import Foundation
import Operations
import TestSupport
import Testing

@testable import Server

@Suite struct BadRequestTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let path: String
    let body: String
    let status: Int
    let param: String?
    let code: String

    init(_ path: String, _ body: String, _ status: Int, _ param: String?, _ code: String) {
      self.path = path
      self.body = body
      self.status = status
      self.param = param
      self.code = code
    }

    var testDescription: String { "\(path) \(body.prefix(60))" }
  }

  static let deep = String(repeating: "[", count: 100_000)

  static let cases = [
    Case("/search", "", 400, nil, "malformed_json"),
    Case("/search", "{", 400, nil, "malformed_json"),
    Case("/search", "[]", 400, nil, "malformed_json"),
    Case("/search", "null", 400, nil, "malformed_json"),
    Case("/search", deep, 400, nil, "malformed_json"),
    Case("/search", #"{"query": "a", "filter": {"a": "# + deep, 400, nil, "malformed_json"),
    Case("/search", #"{"k": 1}"#, 400, "query", "missing_field"),
    Case("/search", #"{"query": null}"#, 400, "query", "wrong_type"),
    Case("/search", #"{"query": 7}"#, 400, "query", "wrong_type"),
    Case("/search", #"{"query": "a", "k": "5"}"#, 400, "k", "wrong_type"),
    Case("/search", #"{"query": "a", "k": 1.5}"#, 400, "k", "wrong_type"),
    Case("/search", #"{"query": "a", "k": 99999999999999999999}"#, 400, "k", "wrong_type"),
    Case("/search", #"{"query": "a", "mode": 3}"#, 400, "mode", "wrong_type"),
    Case("/search", #"{"query": "a", "filter": "animal"}"#, 400, "filter", "wrong_type"),
    Case("/search", #"{"query": "\ud800"}"#, 400, nil, "malformed_json"),
    Case("/search", #"{"query": ""}"#, 422, "query", "invalid_value"),
    Case("/search", #"{"query": " \n\t\u3000 "}"#, 422, "query", "invalid_value"),
    Case("/search", #"{"query": "a", "k": 0}"#, 422, "k", "invalid_value"),
    Case("/search", #"{"query": "a", "k": -3}"#, 422, "k", "invalid_value"),
    Case("/search", #"{"query": "a", "k": 31}"#, 422, "k", "invalid_value"),
    Case("/search", #"{"query": "a", "mode": "telepathy"}"#, 422, "mode", "invalid_value"),
    Case("/search", #"{"query": "a", "mode": "projection"}"#, 422, "mode", "invalid_value"),
    Case("/search", #"{"query": "a", "collection": "nowhere"}"#, 404, "collection", "collection_not_found"),
    Case("/v1/embeddings", #"{"input": 5}"#, 400, "input", "wrong_type"),
    Case("/v1/embeddings", #"{"input": ["a", 5]}"#, 400, "input", "wrong_type"),
    Case("/v1/embeddings", #"{}"#, 400, "input", "missing_field"),
    Case("/v1/embeddings", #"{"input": []}"#, 422, "input", "invalid_value"),
    Case("/v1/embeddings", #"{"input": ""}"#, 422, "input", "invalid_value"),
    Case("/v1/embeddings", #"{"input": ["a", " "]}"#, 422, "input[1]", "invalid_value"),
    Case("/v1/embeddings", #"{"input": ["a", "b", "c", "d"]}"#, 422, "input", "invalid_value"),
    Case("/v1/embeddings", #"{"input": "a", "model": "gpt"}"#, 404, "model", "model_not_found"),
    Case("/v1/embeddings", #"{"input": "a", "encoding_format": "hex"}"#, 422, "encoding_format", "invalid_value"),
    Case("/v1/embeddings", #"{"input": "a", "dimensions": 3}"#, 422, "dimensions", "invalid_value"),
    Case("/rerank", #"{"query": "a"}"#, 400, "texts", "missing_field"),
    Case("/rerank", #"{"query": "a", "texts": "b"}"#, 400, "texts", "wrong_type"),
    Case("/rerank", #"{"query": "a", "texts": ["b", null]}"#, 400, "texts[1]", "wrong_type"),
    Case("/rerank", #"{"query": "a", "texts": []}"#, 422, "texts", "invalid_value"),
    Case("/rerank", #"{"query": " ", "texts": ["b"]}"#, 422, "query", "invalid_value"),
    Case("/v1/rerank", #"{"query": "a", "documents": ["b"], "top_n": 0}"#, 422, "top_n", "invalid_value"),
    Case("/v1/rerank", #"{"query": "a", "documents": ["b", 7]}"#, 400, "documents[1]", "wrong_type"),
    Case("/v1/rerank", #"{"query": "a", "documents": [{"title": "b"}]}"#, 400, "documents[0]", "wrong_type"),
    Case("/v1/rerank", #"{"query": "a", "documents": ["b"], "model": "other"}"#, 404, "model", "model_not_found"),
    Case("/elsewhere", "{}", 404, nil, "unknown_route"),
  ]

  @Test func eachGetsItsStatusFieldAndCode() async throws {
    try await TestServer.run {
      $0.maxTexts = 3
    } _: { server in
      for test in Self.cases {
        let answer = try await server.client.post(test.path, test.body)
        let error = try answer.json()["error"]
        #expect(answer.status == test.status, "\(test.testDescription): \(answer.status)")
        #expect(error?["param"]?.string == test.param, "\(test.testDescription)")
        #expect(error?["code"] == .string(test.code), "\(test.testDescription)")
        let message = error?["message"]?.string ?? ""
        #expect(!message.isEmpty)
        #expect(error?["type"]?.string?.isEmpty == false)
        #expect(!message.contains(server.folder.url.path), "\(message)")
        #expect(!message.contains("--"), "options of the command line: \(message)")
      }
      // Nothing of it left a trace.
      #expect(server.application.queue.count == 0)
      #expect(try await server.client.post("/search", #"{"query": "a bird"}"#).status == 200)
    }
  }

  @Test func bytesThatAreNoUTF8AreRefused() async throws {
    try await TestServer.run { server in
      let body = Data(#"{"query": ""#.utf8) + [0xC3, 0x28, 0xFF] + Data(#""}"#.utf8)
      let answer = try await server.client.post("/search", body)
      #expect(answer.status == 400)
      #expect(try answer.json()["error"]?["code"] == .string("malformed_json"))
    }
  }

  @Test func aBodyAboveTheLimitIsRefused() async throws {
    try await TestServer.run {
      $0.maxBodyBytes = 4096
    } _: { server in
      let query = String(repeating: "a bird ", count: 1000)
      let answer = try await server.client.post("/search", #"{"query": "\#(query)"}"#)
      #expect(answer.status == 413)
      #expect(try answer.json()["error"]?["code"] == .string("body_too_large"))
      // Without a length that announces it, too.
      let raw = try RawConnection(port: server.client.port)
      raw.send("POST /search HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n")
      for _ in 0..<3 { raw.send("800\r\n" + String(repeating: "x", count: 2048) + "\r\n") }
      raw.send("0\r\n\r\n")
      #expect(try await raw.read(until: "body_too_large").hasPrefix("HTTP/1.1 413"))
    }
  }

  @Test func theContentTypeIsNotLookedAt() async throws {
    try await TestServer.run { server in
      for type in ["text/plain", "application/x-www-form-urlencoded", "nonsense"] {
        let answer = try await server.client.post("/search", Data(#"{"query": "a bird"}"#.utf8), contentType: type)
        #expect(answer.status == 200)
      }
    }
  }

  @Test func strangeTextsAreAnswered() async throws {
    try await TestServer.run { server in
      for query in ["\u{0}", "👩‍👩‍👧‍👦 🐦", "\" OR 1=1 --", "NEAR(a b) AND *", "\u{202E}abc", "'; DROP TABLE documents;"] {
        for mode in ["bm25", "hybrid", "tournament"] {
          let answer = try await server.client.post(
            "/search", json: .object(["query": .string(query), "k": .integer(2), "mode": .string(mode)]))
          // A text without a token may be refused, never fail.
          #expect(
            [200, 422].contains(answer.status), "\(query) \(mode): \(String(decoding: answer.body, as: UTF8.self))")
        }
      }
    }
  }
}
