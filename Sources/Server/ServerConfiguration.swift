public import EmbeddingStore
public import Logging
internal import Operations
public import Tensors

/// Everything about a server that can be chosen.
///
/// Each setting has a name, which is an option of `mixer serve` (`--max-queue`) and an environment variable
/// (`MIXER_MAX_QUEUE`) at once.
public struct ServerConfiguration: Sendable, Equatable {
  /// The store's file, which must exist.
  public var store = ""
  /// A masked mixer's folder; nil takes the shipped ones that made the collections.
  public var model: String?
  /// A retrieval mixer's folder; nil takes the shipped one.
  public var retriever: String?

  public var host = "127.0.0.1"
  /// 0 takes a free one.
  public var port = 8080

  /// What the models' products are computed in.
  public var precision = Precision.automatic
  /// In which form vectors are scanned.
  public var scanPrecision = ScanPrecision.float32
  /// Compute threads.
  public var threads = WorkerPool.defaultThreads
  /// Bytes of a request's body; more is refused with 413.
  public var maxBodyBytes = 2 << 20
  /// Texts of one request for embeddings or a re-ranking; more is refused with 422.
  public var maxTexts = 1024
  /// Requests that wait or are computed at once; more are refused with 429.
  public var maxQueue = 128
  /// Tokens of the texts that are embedded as one batch.
  public var batchTokens = 2048
  /// Seconds from a request's first line to its answer; later it is refused with 504.
  public var deadline = 30.0
  /// Seconds that running requests get when the server is told to stop.
  public var drainDeadline = 25.0
  /// Open connections; more wait to be accepted.
  public var maxConnections = 1024
  /// Seconds after which a connection without traffic is closed.
  public var idleTimeout = 60.0
  public var logLevel = Logger.Level.info

  public init() {}

  /// Where a setting's value comes from and what it may be.
  enum Setting: Sendable {
    case text(any WritableKeyPath<ServerConfiguration, String> & Sendable)
    case path(any WritableKeyPath<ServerConfiguration, String?> & Sendable)
    case count(any WritableKeyPath<ServerConfiguration, Int> & Sendable, ClosedRange<Int>)
    case precision(any WritableKeyPath<ServerConfiguration, Precision> & Sendable)
    case scanPrecision(any WritableKeyPath<ServerConfiguration, ScanPrecision> & Sendable)
    case level(any WritableKeyPath<ServerConfiguration, Logger.Level> & Sendable)
    case seconds(any WritableKeyPath<ServerConfiguration, Double> & Sendable, ClosedRange<Double>)
  }

  static let settings: [(name: String, setting: Setting)] = [
    ("store", .text(\.store)),
    ("model", .path(\.model)),
    ("retriever", .path(\.retriever)),
    ("host", .text(\.host)),
    ("port", .count(\.port, 0...65_535)),
    ("precision", .precision(\.precision)),
    ("scan-precision", .scanPrecision(\.scanPrecision)),
    ("threads", .count(\.threads, 1...1024)),
    ("max-body-bytes", .count(\.maxBodyBytes, 1024...(1 << 30))),
    ("max-texts", .count(\.maxTexts, 1...1_000_000)),
    ("max-queue", .count(\.maxQueue, 1...1_000_000)),
    ("batch-tokens", .count(\.batchTokens, 1...1_000_000)),
    ("deadline", .seconds(\.deadline, 0.001...86_400)),
    ("drain-deadline", .seconds(\.drainDeadline, 0.001...86_400)),
    ("max-connections", .count(\.maxConnections, 1...1_000_000)),
    ("idle-timeout", .seconds(\.idleTimeout, 0.1...86_400)),
    ("log-level", .level(\.logLevel)),
  ]

  /// `max-queue` → `MIXER_MAX_QUEUE`
  static func environmentVariable(_ name: String) -> String {
    "MIXER_" + name.uppercased().replacing("-", with: "_")
  }

  /// Takes each setting from the options where it is given there, else from the environment, else leaves it.
  ///
  /// - Parameters:
  ///   - options: values by name; nil where an option was not given.
  ///   - environment: the process's variables; empty ones count as not given.
  /// - Throws: ``ServerError`` naming the option or the variable whose value cannot be used.
  public init(options: [String: String?], environment: [String: String]) throws {
    self.init()
    for (name, setting) in Self.settings {
      let variable = Self.environmentVariable(name)
      if let value = options[name] ?? nil {
        try set(setting, to: value, from: "--\(name)")
      } else if let value = environment[variable], !value.isEmpty {
        try set(setting, to: value, from: variable)
      }
    }
    guard !store.isEmpty else {
      throw ServerError(.badInput, "no store is named", at: "--store", hint: "name it with --store or MIXER_STORE")
    }
  }

  /// One of an enumeration's cases by its name.
  private func choice<Choice: RawRepresentable & CaseIterable>(
    _ value: String, _ outOfRange: (String) -> ServerError
  ) throws -> Choice where Choice.RawValue == String {
    guard let choice = Choice(rawValue: value.lowercased()) else {
      throw outOfRange(Choice.allCases.map(\.rawValue).joined(separator: ", "))
    }
    return choice
  }

  private mutating func set(_ setting: Setting, to value: String, from source: String) throws {
    func outOfRange(_ expected: String) -> ServerError {
      ServerError(
        .badInput, "the value is out of range", at: source, expected: expected, found: "\"\(value.excerpt())\"")
    }
    switch setting {
    case .text(let path): self[keyPath: path] = value
    case .path(let path): self[keyPath: path] = value
    case .count(let path, let range):
      guard let number = Int(value), range.contains(number) else {
        throw outOfRange("a whole number from \(range.lowerBound) to \(range.upperBound)")
      }
      self[keyPath: path] = number
    case .precision(let path): self[keyPath: path] = try choice(value, outOfRange)
    case .scanPrecision(let path): self[keyPath: path] = try choice(value, outOfRange)
    case .level(let path):
      guard let level = Logger.Level(rawValue: value.lowercased()) else {
        throw outOfRange(Logger.Level.allCases.map(\.rawValue).joined(separator: ", "))
      }
      self[keyPath: path] = level
    case .seconds(let path, let range):
      guard let number = Double(value), range.contains(number) else {
        throw outOfRange("seconds from \(range.lowerBound) to \(range.upperBound)")
      }
      self[keyPath: path] = number
    }
  }
}
