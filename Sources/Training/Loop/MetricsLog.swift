public import Foundation
internal import Operations

/// One line of `metrics.jsonl`.
public struct MetricsRecord: Codable, Sendable, Equatable {
  public var step: Int
  /// The mean loss over the steps since the line before.
  public var loss: Double?
  public var learningRate: Double?
  /// Before clipping.
  public var gradientNorm: Double?
  public var unitsPerSecond: Double?
  /// Seconds of training so far.
  public var seconds: Double?
  /// Other figures of the training batches.
  public var training: [String: Double]?
  public var evaluation: [String: Double]?
  /// What a reader of the log should know at this point.
  public var note: String?

  enum CodingKeys: String, CodingKey {
    case step, loss, seconds, training, evaluation, note
    case learningRate = "learning_rate"
    case gradientNorm = "gradient_norm"
    case unitsPerSecond = "units_per_second"
  }
}

/// The figures of a run, a JSON object a line, appended as they come.
public struct MetricsLog {
  public let url: URL
  public private(set) var records: [MetricsRecord] = []

  /// Opens the log of a run that starts after `step`: lines beyond it, of steps that will be taken again, are removed.
  ///
  /// - Throws: `OperationError` when the file cannot be written.
  public init(_ url: URL, after step: Int) throws {
    self.url = url
    let decoder = JSONDecoder()
    let text = FileManager.default.contents(atPath: url.path) ?? Data()
    records = text.split(separator: UInt8(ascii: "\n"))
      .compactMap { try? decoder.decode(MetricsRecord.self, from: Data($0)) }.filter { $0.step <= step }
    var all = Data()
    for record in records { all += try Self.line(record) }
    try AtomicFile.replace(url, with: all)
  }

  /// - Throws: `OperationError` when the disk is full.
  public mutating func append(_ record: MetricsRecord) throws {
    records.append(record)
    do {
      let handle = try FileHandle(forWritingTo: url)
      defer { try? handle.close() }
      try handle.seekToEnd()
      try handle.write(contentsOf: try Self.line(record))
    } catch {
      throw OperationError(
        Diagnosis(.environment, "cannot write the metrics", at: url.path, found: "\(error)".excerpt(120)))
    }
  }

  private static func line(_ record: MetricsRecord) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(record) + Data("\n".utf8)
  }
}
