internal import Foundation
internal import Logging
internal import ServiceLifecycle

/// Loads the models in the background once the server listens, and takes readiness back as the first thing when it is
/// told to stop.
struct LoadingService: Service {
  let state: ServerState
  let logger: Logger
  let load: @Sendable () throws -> ServedModels

  func run() async throws {
    try await withGracefulShutdownHandler {
      let start = ContinuousClock.now
      let loaded = Reply<ServedModels?>()
      // Loading reads files and computes: not for the threads that asynchronous code runs on.
      DedicatedThread.start("loading") { loaded.resolve(Result(catching: load)) }
      try await withTaskCancellationHandler {
        if let models = try await loaded.value() {
          state.becomeReady(with: models)
          logger.info("ready", metadata: ["seconds": .stringConvertible((ContinuousClock.now - start) / .seconds(1))])
        }
      } onCancel: {
        loaded.resolve(.success(nil))
      }
      try await gracefulShutdown()
    } onGracefulShutdown: {
      state.drain()
    }
  }
}
