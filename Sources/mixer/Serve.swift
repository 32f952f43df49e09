import ArgumentParser
import Foundation
import Logging
import Operations
import Server

struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Answer over HTTP: /search, /v1/embeddings, /rerank, /v1/rerank, /info, /health/live, /health/ready.",
    discussion: """
      Every option is also an environment variable: --max-queue is MIXER_MAX_QUEUE. The option wins. SIGTERM and \
      SIGINT let running requests finish, for at most --drain-deadline seconds.

      Example:
        mixer serve --store stories.sqlite --port 8080
        curl -s localhost:8080/search -d '{"query": "A bird learns to share its nest.", "k": 3}'
      """)

  @Option(help: ArgumentHelp("The store to serve.", valueName: "FILE.sqlite"))
  var store: String?
  @Option(
    help: ArgumentHelp("The masked mixer (default: the shipped ones that made the collections).", valueName: "DIR"))
  var model: String?
  @Option(help: ArgumentHelp("The retrieval mixer (default: the shipped one).", valueName: "DIR"))
  var retriever: String?
  @Option(help: ArgumentHelp("The address to listen on (default: 127.0.0.1; 0.0.0.0 is all).", valueName: "ADDRESS"))
  var host: String?
  @Option(help: ArgumentHelp("The port (default: 8080; 0 takes a free one).", valueName: "N"))
  var port: String?
  @Option(
    help: ArgumentHelp(
      "What the models' products are computed in: float32, bfloat16, or auto, which is bfloat16 where the processor "
        + "multiplies it natively (default: auto).", valueName: "NAME"))
  var precision: String?
  @Option(
    help: ArgumentHelp(
      "How vectors are scanned: float32, bfloat16 or int8; the last two need a half or a quarter of the memory, and "
        + "scores are computed anew in float32 (default: float32).", valueName: "NAME"))
  var scanPrecision: String?
  @Option(help: ArgumentHelp("Compute threads (default: all cores).", valueName: "N"))
  var threads: String?
  @Option(help: ArgumentHelp("Bytes of a request; more gets 413 (default: 2097152).", valueName: "N"))
  var maxBodyBytes: String?
  @Option(help: ArgumentHelp("Texts of a request; more get 422 (default: 1024).", valueName: "N"))
  var maxTexts: String?
  @Option(help: ArgumentHelp("Requests waiting or computed at once; more get 429 (default: 128).", valueName: "N"))
  var maxQueue: String?
  @Option(help: ArgumentHelp("Tokens embedded as one batch (default: 2048).", valueName: "N"))
  var batchTokens: String?
  @Option(help: ArgumentHelp("Until an answer must be there; later gets 504 (default: 30).", valueName: "SECONDS"))
  var deadline: String?
  @Option(help: ArgumentHelp("For running requests when the server is stopped (default: 25).", valueName: "SECONDS"))
  var drainDeadline: String?
  @Option(help: ArgumentHelp("Open connections; more wait to be accepted (default: 1024).", valueName: "N"))
  var maxConnections: String?
  @Option(help: ArgumentHelp("After which a silent connection is closed (default: 60).", valueName: "SECONDS"))
  var idleTimeout: String?
  @Option(
    help: ArgumentHelp("What is logged: debug, info, notice, warning, error (default: info).", valueName: "LEVEL"))
  var logLevel: String?

  private var options: [String: String?] {
    [
      "store": store, "model": model, "retriever": retriever, "host": host, "port": port,
      "precision": precision, "scan-precision": scanPrecision, "threads": threads,
      "max-body-bytes": maxBodyBytes, "max-texts": maxTexts, "max-queue": maxQueue, "batch-tokens": batchTokens,
      "deadline": deadline, "drain-deadline": drainDeadline, "max-connections": maxConnections,
      "idle-timeout": idleTimeout, "log-level": logLevel,
    ]
  }

  func run() async throws {
    let settings = try ServerConfiguration(options: options, environment: ProcessInfo.processInfo.environment)
    var logger = Logger(label: "mixer") { StreamLogHandler.standardError(label: $0) }
    logger.logLevel = settings.logLevel
    try await ServerApplication.build(settings, version: Version.current, logger: logger).run()
  }
}
