import Foundation
import FoundationNetworking
import Operations
import Synchronization

@testable import Server

/// Sends requests over a real socket.
struct Client: Sendable {
  struct Answer {
    let status: Int
    let body: Data
    let headers: [String: String]

    /// - Throws: when the body is no JSON.
    func json() throws -> JSONValue { try JSONDecoder().decode(JSONValue.self, from: body) }

    func decoded<Value: Decodable>(_ type: Value.Type) throws -> Value { try JSONDecoder().decode(type, from: body) }
  }

  let port: Int
  private let session: URLSession

  init(port: Int) {
    self.port = port
    let configuration = URLSessionConfiguration.ephemeral
    configuration.httpMaximumConnectionsPerHost = 64
    session = URLSession(configuration: configuration)
  }

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
    guard let url = URL(string: "http://127.0.0.1:\(port)\(path)") else { throw URLError(.badURL) }
    var request = URLRequest(url: url)
    request.httpMethod = method
    request.httpBody = body
    if body != nil { request.setValue(contentType, forHTTPHeaderField: "Content-Type") }
    let (data, response) = try await session.data(for: request)
    guard let response = response as? HTTPURLResponse else { throw URLError(.badServerResponse) }
    var headers: [String: String] = [:]
    for (name, value) in response.allHeaderFields { headers["\(name)".lowercased()] = "\(value)" }
    return Answer(status: response.statusCode, body: data, headers: headers)
  }
}

/// A connection in the raw, for what well-behaved clients do not do.
final class RawConnection: Sendable {
  private let descriptor: Int32
  private let isOpen = Atomic(true)

  init(port: Int) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(UInt16(port).bigEndian)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let result = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard result == 0 else { throw URLError(.cannotConnectToHost) }
  }

  deinit { hangUp() }

  func send(_ text: String) { _ = text.withCString { write(descriptor, $0, strlen($0)) } }

  /// Posts JSON and does not wait for the answer.
  func post(_ path: String, _ body: String) {
    send("POST \(path) HTTP/1.1\r\nHost: test\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
  }

  /// Reads until `ending` or the end of the stream, on a thread of its own: the server under test shares the
  /// cooperative threads with its tests.
  func read(until ending: String) async throws -> String {
    let text = Reply<String>()
    Thread { text.resolve(.success(self.readBlocking(until: ending))) }.start()
    return try await text.value()
  }

  private func readBlocking(until ending: String) -> String {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = Foundation.read(descriptor, &chunk, chunk.count)
      if count <= 0 { break }
      bytes += chunk[..<count]
      if String(decoding: bytes, as: UTF8.self).contains(ending) { break }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Closes once: the number may be somebody else's by the second time.
  func hangUp() {
    if isOpen.exchange(false, ordering: .relaxed) { close(descriptor) }
  }
}

extension JSONValue {
  subscript(key: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members[key]
  }

  subscript(index: Int) -> JSONValue? {
    guard case .array(let values) = self, values.indices.contains(index) else { return nil }
    return values[index]
  }

  var array: [JSONValue] {
    guard case .array(let values) = self else { return [] }
    return values
  }

  var string: String? {
    guard case .string(let value) = self else { return nil }
    return value
  }

  var number: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }
}
