import EmbeddingStore
import Foundation
import Logging
import Operations
import Retrieval
import TestSupport

@testable import Server

/// A real server on a free port of loopback, over a real store with tiny models.
final class TestServer: Sendable {
  let folder: TemporaryFolder
  let engine: SearchEngine
  let embedder: TextEmbedder
  let application: ServerApplication
  let client: Client
  let store: String
  private let running: Task<Void, any Error>

  /// Starts one and waits until it is ready.
  init(
    isReady: Bool = true, _ change: @escaping @Sendable (inout ServerConfiguration) -> Void = { _ in }
  ) async throws {
    let fixture = try TestFixture.shared.get()
    folder = try TemporaryFolder()
    store = folder.path("stories.sqlite")
    let models = fixture.models
    embedder = fixture.embedder
    try fixture.fill(store)

    var configuration = ServerConfiguration()
    configuration.store = store
    configuration.model = fixture.model
    configuration.retriever = fixture.retriever
    configuration.port = 0
    configuration.threads = 2
    change(&configuration)
    engine = SearchEngine(store: try SQLiteStore(path: store, mode: .readOnly), models: models, threads: 1)

    let port = Reply<Int>()
    var logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    logger.logLevel = .critical
    let application = try ServerApplication.build(configuration, version: "0", logger: logger, signals: false) {
      port.resolve(.success($0))
    }
    self.application = application
    running = Task { try await application.run() }
    client = Client(port: try await port.value())
    if isReady { try await until { (try? application.state.models()) != nil } }
  }

  /// Stops the server and waits until it is down.
  func stop() async throws {
    await application.shutDown()
    try await running.value
  }

  /// The error with which another server for the same store and port ends.
  func secondOnTheSamePort() async -> (any Error)? {
    do {
      let fixture = try TestFixture.shared.get()
      var configuration = ServerConfiguration()
      configuration.store = store
      configuration.model = fixture.model
      configuration.retriever = fixture.retriever
      configuration.port = client.port
      configuration.threads = 1
      let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
      try await ServerApplication.build(configuration, version: "0", logger: logger, signals: false).run()
      return nil
    } catch {
      return error
    }
  }

  /// Waits until the server is down.
  func ended() async throws { try await running.value }

  /// Starts a server for `body` and stops it afterwards.
  static func run(
    _ change: @escaping @Sendable (inout ServerConfiguration) -> Void = { _ in },
    _ body: (TestServer) async throws -> Void
  ) async throws {
    let server = try await TestServer(change)
    do {
      try await body(server)
    } catch {
      try? await server.stop()
      throw error
    }
    try await server.stop()
  }

  /// Keeps a compute thread busy until the gate is opened.
  func occupyThread(until gate: Gate) async throws {
    let started = Reply<Void>()
    let queue = application.queue
    Task {
      _ = try await queue.run(
        Work { _, _ in
          started.resolve(.success(()))
          gate.wait()
          return Data()
        })
    }
    try await started.value()
  }
}

/// Holds a thread until it is opened.
final class Gate: Sendable {
  private let semaphore = DispatchSemaphore(value: 0)
  func wait() { semaphore.wait() }
  func open() { semaphore.signal() }
}

struct TimedOut: Error {}

/// Waits for something that happens on another thread.
func until(_ condition: () async throws -> Bool) async throws {
  for _ in 0..<2000 {
    if try await condition() { return }
    try await Task.sleep(for: .milliseconds(5))
  }
  throw TimedOut()
}
