internal import EmbeddingStore
internal import Foundation
internal import Hummingbird
internal import HummingbirdCore
public import Logging
internal import NIOCore
internal import Operations
internal import Retrieval
internal import ServiceLifecycle
internal import UnixSignals

/// The HTTP server, put together from its parts.
public struct ServerApplication: Sendable {
  let services: ServiceGroup
  let queue: InferenceQueue
  let state: ServerState
  private let configuration: ServerConfiguration

  /// Opens the store and builds the server; models are loaded once it runs.
  ///
  /// - Parameters:
  ///   - version: told by `/info`.
  ///   - signals: whether SIGTERM and SIGINT stop the server.
  ///   - onRunning: called with the port once the server listens.
  /// - Throws: what opening the store throws.
  public static func build(
    _ configuration: ServerConfiguration, version: String, logger: Logger, signals: Bool = true,
    onRunning: @escaping @Sendable (_ port: Int) -> Void = { _ in }
  ) throws -> ServerApplication {
    let store = try SQLiteStore(
      path: configuration.store, mode: .readOnly, scanPrecision: configuration.scanPrecision)
    let models = ModelSource(
      embedder: configuration.model, retriever: configuration.retriever, precision: configuration.precision)
    let engine = SearchEngine(store: store, models: models, threads: configuration.threads)
    return build(configuration, engine, version: version, logger: logger, signals: signals, onRunning: onRunning)
  }

  static func build(
    _ configuration: ServerConfiguration, _ engine: SearchEngine, version: String, logger: Logger, signals: Bool,
    onRunning: @escaping @Sendable (_ port: Int) -> Void
  ) -> ServerApplication {
    let state = ServerState()
    let queue = InferenceQueue(
      limit: configuration.maxQueue, batchTokens: configuration.batchTokens, threads: configuration.threads)
    let connections = Connections()
    let pipeline = RequestPipeline(
      state: state, queue: queue, connections: connections, configuration: configuration)
    let web = Application(
      router: router(pipeline, version: version),
      server: .http1(
        configuration: HTTP1Channel.Configuration(
          additionalChannelHandlers: [connections.makeHandler()],
          idleTimeout: .milliseconds(Int64(configuration.idleTimeout * 1000)))),
      configuration: ApplicationConfiguration(
        address: .hostname(configuration.host, port: configuration.port), serverName: "mixer",
        availableConnectionsDelegate: MaximumAvailableConnections(configuration.maxConnections)),
      onServerRunning: { channel in onRunning(channel.localAddress?.port ?? configuration.port) },
      logger: logger)
    let loading = LoadingService(state: state, logger: logger) {
      try ServedModels(engine, configuration: configuration, logger: logger)
    }

    // They are stopped from the last to the first: readiness goes, then the web server answers what it has and closes,
    // then the compute threads end.
    var group = ServiceGroupConfiguration(
      services: [InferenceService(queue: queue), web, loading], logger: logger)
    if signals { group.gracefulShutdownSignals = [.sigterm, .sigint] }
    group.maximumGracefulShutdownDuration = .seconds(configuration.drainDeadline)
    return ServerApplication(
      services: ServiceGroup(configuration: group), queue: queue, state: state, configuration: configuration)
  }

  private static func router(_ pipeline: RequestPipeline, version: String) -> Router<ServerContext> {
    let router = Router(context: ServerContext.self, options: .autoGenerateHeadEndpoints)
    router.add(middleware: RequestLog())
    SearchController(pipeline: pipeline).addRoutes(to: router)
    EmbeddingsController(pipeline: pipeline).addRoutes(to: router)
    RerankController(pipeline: pipeline).addRoutes(to: router)
    InformationController(pipeline: pipeline, version: version).addRoutes(to: router)
    HealthController(state: pipeline.state).addRoutes(to: router)
    router.refuseOtherMethods()
    return router
  }

  /// Serves until the server is told to stop and has answered what it had.
  ///
  /// - Throws: ``ServerError`` when it cannot listen, and what loading a named model throws.
  public func run() async throws {
    do {
      try await services.run()
    } catch let error as IOError {
      throw ServerError(
        .environment, "cannot listen: \(String(cString: strerror(error.errnoCode)))",
        at: "\(configuration.host):\(configuration.port)",
        hint: "is another server running there? choose another port with --port")
    }
  }

  /// Stops as SIGTERM does.
  public func shutDown() async { await services.triggerGracefulShutdown() }
}
