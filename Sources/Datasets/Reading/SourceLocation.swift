/// Where a story, a query or a judgement was read: every error about a line names it.
public struct SourceLocation: Sendable, Hashable, Codable, CustomStringConvertible {
  /// The path as it was given, or `standard input`.
  public var file: String
  /// Counted from 1; the line on which the item begins.
  public var line: Int

  public init(file: String, line: Int) {
    self.file = file
    self.line = line
  }

  /// `file:line`.
  public var description: String { "\(file):\(line)" }
}
