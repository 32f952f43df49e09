import Foundation
import Synchronization

/// A chat endpoint on a port of its own that answers, or fails, as a test wants it to.
final class ChatServer: Sendable {
  enum Reply: Sendable {
    case answer(String, finish: String = "stop")
    case status(Int, retryAfter: String? = nil)
    /// The answer, after so many seconds.
    case slow(Double, String)
    /// Closes the connection without a word.
    case cut
    /// Promises more bytes than it sends.
    case truncated
    /// 200 with this body.
    case raw(String)
  }

  struct Request: Sendable {
    /// Counted from 0.
    var number: Int
    var headers: String
    /// What the user asked last.
    var question: String
    var messageCount: Int
    var body: String
  }

  let port: UInt16
  private let listener: Int32
  private let count = Mutex(0)
  private let log = Mutex<[Request]>([])
  private let reply: @Sendable (Request) -> Reply

  var endpoint: String { "http://127.0.0.1:\(port)" }
  var requests: [Request] { log.withLock { $0 } }

  init(_ reply: @escaping @Sendable (Request) -> Reply) throws {
    self.reply = reply
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
        bind(listener, raw, length) == 0 && listen(listener, 64) == 0 && getsockname(listener, raw, &length) == 0
      }
    }
    guard bound else { throw POSIXError(.EADDRINUSE) }
    self.listener = listener
    port = UInt16(bigEndian: address.sin_port)
    let serve = serve
    Thread.detachNewThread {
      while true {
        let connection = accept(listener, nil, nil)
        if connection < 0 { return }
        Thread.detachNewThread { serve(connection) }
      }
    }
  }

  deinit {
    shutdown(listener, Int32(SHUT_RDWR))
    close(listener)
  }

  private var serve: @Sendable (Int32) -> Void {
    { [weak self] connection in
      defer { close(connection) }
      guard let request = self?.receive(connection), let reply = self?.reply(request) else { return }
      Self.send(reply, connection)
    }
  }

  private func receive(_ connection: Int32) -> Request? {
    var data = Data()
    var buffer = [UInt8](repeating: 0, count: 65536)
    let separator = Data("\r\n\r\n".utf8)
    while true {
      if let end = data.range(of: separator) {
        let headers = String(decoding: data[..<end.lowerBound], as: UTF8.self)
        let length = headers.split(separator: "\r\n").first { $0.lowercased().hasPrefix("content-length:") }
          .flatMap { Int($0.split(separator: ":")[1].trimmingCharacters(in: .whitespaces)) }
        if let length, data.count - end.upperBound >= length {
          return makeRequest(headers, Data(data[end.upperBound...]))
        }
      }
      let count = recv(connection, &buffer, buffer.count, 0)
      if count <= 0 { return nil }
      data.append(contentsOf: buffer[..<count])
    }
  }

  private func makeRequest(_ headers: String, _ body: Data) -> Request {
    struct Body: Decodable {
      struct Message: Decodable {
        var role: String
        var content: String
      }
      var messages: [Message]
    }
    let messages = (try? JSONDecoder().decode(Body.self, from: body))?.messages ?? []
    let number = count.withLock { count in
      defer { count += 1 }
      return count
    }
    let request = Request(
      number: number, headers: headers, question: messages.last?.content ?? "", messageCount: messages.count,
      body: String(decoding: body, as: UTF8.self))
    log.withLock { $0.append(request) }
    return request
  }

  private static func send(_ reply: Reply, _ connection: Int32) {
    switch reply {
    case .answer(let text, let finish): write("200 OK", completion(text, finish), connection)
    case .slow(let seconds, let text):
      Thread.sleep(forTimeInterval: seconds)
      write("200 OK", completion(text, "stop"), connection)
    case .status(let code, let retryAfter):
      let extra = retryAfter.map { "Retry-After: \($0)\r\n" } ?? ""
      write("\(code) Whatever", "{\"error\": {\"message\": \"told to fail\"}}", connection, extra: extra)
    case .cut: break
    case .truncated:
      let body = completion("A sentence that never arrives as a whole.", "stop")
      write("200 OK", String(body.prefix(body.count / 2)), connection, length: body.utf8.count)
    case .raw(let body): write("200 OK", body, connection)
    }
  }

  private static func completion(_ text: String, _ finish: String) -> String {
    let content = String(decoding: (try? JSONEncoder().encode(text)) ?? Data(), as: UTF8.self)
    return "{\"choices\": [{\"message\": {\"role\": \"assistant\", \"content\": \(content)}, "
      + "\"finish_reason\": \"\(finish)\"}], \"usage\": {\"prompt_tokens\": 100, \"completion_tokens\": 20}}"
  }

  private static func write(
    _ status: String, _ body: String, _ connection: Int32, extra: String = "", length: Int? = nil
  ) {
    let text =
      "HTTP/1.1 \(status)\r\nContent-Type: application/json\r\nContent-Length: \(length ?? body.utf8.count)\r\n"
      + "\(extra)Connection: close\r\n\r\n\(body)"
    let bytes = Array(text.utf8)
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes {
        Foundation.send(connection, $0.baseAddress! + done, bytes.count - done, Int32(MSG_NOSIGNAL))
      }
      if count <= 0 { return }
      done += count
    }
  }
}
