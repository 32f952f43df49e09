internal import ServiceLifecycle

/// Ends the compute threads after everything else has stopped.
struct InferenceService: Service {
  let queue: InferenceQueue

  func run() async throws {
    // Throws when the drain deadline has passed: the same end, with nobody waiting for answers any more.
    try? await gracefulShutdown()
    queue.close()
  }
}
