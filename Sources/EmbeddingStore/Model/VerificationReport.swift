/// What a full check looked at, and every problem that it found.
public struct VerificationReport: Sendable, Codable, Equatable {
  public var collections = 0
  public var documents = 0
  public var vectors = 0
  /// Vector pages whose checksum was computed.
  public var pages = 0
  /// One line each, the first ``limit`` of them.
  public var problems: [String] = []
  /// Whether there were more than ``limit``.
  public var isTruncated = false

  public static let limit = 100

  public var isSound: Bool { problems.isEmpty }

  public init() {}

  mutating func add(_ problem: String) {
    if problems.count < Self.limit { problems.append(problem) } else { isTruncated = true }
  }
}
