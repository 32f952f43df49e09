import Foundation
import Operations

@testable import Server

/// Sends requests over a real socket, each on a connection of its own.
struct Client: Sendable {
  struct Answer {
    let status: Int
    let body: Data
    let headers: [String: String]

    /// - Throws: when the body is no JSON.
    func json() throws -> JSONValue { try decoded(JSONValue.self) }

    func decoded<Value: Decodable>(_ type: Value.Type) throws -> Value { try JSONDecoder().decode(type, from: body) }
  }

  struct NoAnswer: Error {
    let received: String
  }

  let port: Int

  func get(_ path: String, method: String = "GET") async throws -> Answer {
    try await send(path, method: method, body: nil)
  }

  /// Posts a body that need not be JSON.
  func post(_ path: String, _ body: String) async throws -> Answer { try await post(path, Data(body.utf8)) }

  func post(_ path: String, _ body: Data, contentType: String = "application/json") async throws -> Answer {
    try await send(path, method: "POST", body: body, contentType: contentType)
  }

  func post(_ path: String, json: JSONValue) async throws -> Answer {
    try await post(path, try JSONEncoder().encode(json))
  }

  private func send(
    _ path: String, method: String, body: Data?, contentType: String = "application/json"
  ) async throws -> Answer {
    let connection = try RawConnection(port: port)
    var head = "\(method) \(path) HTTP/1.1\r\nHost: test\r\nConnection: close\r\n"
    if let body { head += "Content-Type: \(contentType)\r\nContent-Length: \(body.count)\r\n" }
    let request = Data((head + "\r\n").utf8) + (body ?? Data())
    return try Self.parse(try await connection.exchange(request))
  }

  private static func parse(_ data: Data) throws -> Answer {
    guard let end = data.firstRange(of: Data("\r\n\r\n".utf8)) else {
      throw NoAnswer(received: String(decoding: data, as: UTF8.self))
    }
    let lines = String(decoding: data[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
      headers[parts[0].lowercased()] = parts.count > 1 ? parts[1] : ""
    }
    let status = lines.first.flatMap { Int($0.split(separator: " ")[1]) }
    return Answer(status: status ?? 0, body: Data(data[end.upperBound...]), headers: headers)
  }
}
