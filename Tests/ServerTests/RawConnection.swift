import Foundation
import Synchronization

@testable import Server

/// A connection in the raw, for what well-behaved clients do not do.
///
/// It reads on threads of its own: the server under test shares the cooperative threads with its tests, which must
/// therefore never block.
final class RawConnection: Sendable {
  struct Refused: Error {}

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
    guard result == 0 else { throw Refused() }
  }

  deinit { hangUp() }

  func send(_ text: String) { send(Data(text.utf8)) }

  private func send(_ data: Data) {
    data.withUnsafeBytes { bytes in
      var sent = 0
      while sent < bytes.count {
        let count = Foundation.send(
          descriptor, bytes.baseAddress?.advanced(by: sent), bytes.count - sent, Int32(MSG_NOSIGNAL))
        if count <= 0 { return }
        sent += count
      }
    }
  }

  /// Posts JSON and does not wait for the answer.
  func post(_ path: String, _ body: String) {
    send("POST \(path) HTTP/1.1\r\nHost: test\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
  }

  /// Reads until `ending` or the end of the stream.
  func read(until ending: String) async throws -> String {
    let data = try await onThread { $0.readBlocking(until: Data(ending.utf8)) }
    return String(decoding: data, as: UTF8.self)
  }

  /// Sends a request and reads everything until the server closes the connection.
  func exchange(_ request: Data) async throws -> Data {
    try await onThread { connection in
      connection.send(request)
      return connection.readBlocking(until: nil)
    }
  }

  private func onThread(_ body: @escaping @Sendable (RawConnection) -> Data) async throws -> Data {
    let reply = Reply<Data>()
    DedicatedThread.start("client") { reply.resolve(.success(body(self))) }
    return try await reply.value()
  }

  private func readBlocking(until ending: Data?) -> Data {
    var data = Data()
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = Foundation.read(descriptor, &chunk, chunk.count)
      if count <= 0 { return data }
      data.append(contentsOf: chunk[..<count])
      if let ending, data.firstRange(of: ending) != nil { return data }
    }
  }

  /// Closes once: the number may be somebody else's by the second time.
  func hangUp() {
    if isOpen.exchange(false, ordering: .relaxed) { close(descriptor) }
  }
}
