import EmbeddingStore
import Foundation
import Operations
import Retrieval
import Testing

@testable import Server

@Suite struct EmbeddingsRouteTests {
  static let texts = TestFixture.stories.prefix(9).map(\.text)

  /// The vectors of an answer, by their indices.
  static func vectors(_ answer: Client.Answer) throws -> [[Float]] {
    try #require(try answer.json()["data"]).array.enumerated().map { position, item in
      #expect(item["index"]?.number == Double(position))
      #expect(item["object"] == .string("embedding"))
      if let base64 = item["embedding"]?.string {
        let bytes = try #require(Data(base64Encoded: base64))
        return stride(from: 0, to: bytes.count, by: 4).map { offset in
          var pattern: UInt32 = 0
          for byte in 0..<4 { pattern |= UInt32(bytes[offset + byte]) << UInt32(8 * byte) }
          return Float(bitPattern: pattern)
        }
      }
      return try #require(item["embedding"]).array.map { Float($0.number ?? .nan) }
    }
  }

  static func body(_ texts: [String], format: String? = nil) -> JSONValue {
    var members: [String: JSONValue] = ["input": .array(texts.map(JSONValue.string)), "model": .string("embedder")]
    if let format { members["encoding_format"] = .string(format) }
    return .object(members)
  }

  static func expectClose(_ left: [Float], _ right: [Float]) {
    #expect(left.count == right.count)
    let largest = right.map(abs).max() ?? 0
    #expect(zip(left, right).allSatisfy { abs($0 - $1) <= 1e-5 * largest })
  }

  @Test func theAnswerIsOpenAIsAndEqualsTheLibrarys() async throws {
    try await TestServer.run { server in
      let answer = try await server.client.post("/v1/embeddings", json: Self.body(Self.texts))
      #expect(answer.status == 200)
      let direct = try server.embedder.embed(Self.texts, threads: 1)
      let served = try Self.vectors(answer)
      #expect(served.count == direct.count)
      for (left, right) in zip(served, direct) { Self.expectClose(left, right.embedding) }
      let json = try answer.json()
      let tokens = Double(direct.reduce(0) { $0 + $1.tokenCount })
      #expect(json["object"] == .string("list"))
      #expect(json["model"] == .string("embedder"))
      #expect(json["usage"]?["prompt_tokens"]?.number == tokens)
      #expect(json["usage"]?["total_tokens"]?.number == tokens)
      #expect(json["truncated"] == nil)
    }
  }

  @Test func base64EqualsFloat() async throws {
    try await TestServer.run { server in
      let numbers = try Self.vectors(try await server.client.post("/v1/embeddings", json: Self.body(Self.texts)))
      let bytes = try Self.vectors(
        try await server.client.post("/v1/embeddings", json: Self.body(Self.texts, format: "base64")))
      // The same batch of the same texts, and digits that identify each number.
      #expect(numbers == bytes)
      #expect(numbers.first?.count == 16)
    }
  }

  @Test func aBatchEqualsItsTextsAlone() async throws {
    try await TestServer.run {
      $0.batchTokens = 40
    } _: { server in
      let together = try Self.vectors(try await server.client.post("/v1/embeddings", json: Self.body(Self.texts)))
      for (text, vector) in zip(Self.texts, together) {
        let alone = try await server.client.post("/v1/embeddings", json: .object(["input": .string(text)]))
        Self.expectClose(try #require(try Self.vectors(alone).first), vector)
      }
    }
  }

  @Test func cutTextsAreCounted() async throws {
    try await TestServer.run { server in
      let long = String(repeating: "the bird and the dog ", count: 40)
      let answer = try await server.client.post("/v1/embeddings", json: Self.body([long, "a short one", long]))
      let json = try answer.json()
      #expect(json["truncated"] == .integer(2))
    }
  }
}
