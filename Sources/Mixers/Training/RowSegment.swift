/// Where one text's or one context's rows lie among the rows that are trained on together.
public struct RowSegment: Sendable, Equatable {
  /// The first row.
  public let start: Int
  /// How many rows.
  public let count: Int
  /// The window position of the first row.
  public let position: Int

  public init(start: Int, count: Int, position: Int) {
    self.start = start
    self.count = count
    self.position = position
  }

  /// The last row.
  var last: Int { start + count - 1 }
}
