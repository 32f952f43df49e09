import Logging

@testable import Server

enum ServerApplicationStart {
  /// The error with which a second server over the same store ends.
  static func run(on port: Int, like server: TestServer) async throws -> (any Error)? {
    var configuration = ServerConfiguration()
    configuration.store = server.store
    configuration.port = port
    configuration.threads = 1
    let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    let application = try ServerApplication.build(configuration, version: "0", logger: logger, signals: false)
    do {
      try await application.run()
      return nil
    } catch {
      return error
    }
  }
}
