import Foundation

/// How often values fall into bins of equal width.
public struct Histogram: Sendable, Codable, Equatable {
  public struct Bin: Sendable, Codable, Equatable {
    /// Values from here on …
    public var from: Int
    /// … and below here.
    public var below: Int
    public var count: Int
  }

  public var bins: [Bin]

  /// Bins of a round width (1, 2 or 5 times a power of ten), at most `limit` of them, from 0 to the largest value.
  public init(_ values: some Collection<Int>, limit: Int = 24) {
    let largest = values.max() ?? 0
    var width = 1
    for step in 0... {
      width = [1, 2, 5][step % 3] * Int(pow(10, Double(step / 3)))
      if largest / width < limit { break }
    }
    var counts = [Int](repeating: 0, count: largest / width + 1)
    for value in values { counts[max(0, value) / width] += 1 }
    bins = values.isEmpty ? [] : counts.enumerated().map { Bin(from: $0 * width, below: ($0 + 1) * width, count: $1) }
  }

  /// Lines of `from–to  ████  count` for a terminal; `columns` is the length of the longest bar.
  public func terminalLines(columns: Int = 48) -> [String] {
    let most = bins.map(\.count).max() ?? 0
    let labels = bins.map { $0.below - $0.from == 1 ? "\($0.from)" : "\($0.from)–\($0.below - 1)" }
    let labelWidth = labels.map(\.count).max() ?? 0
    return zip(bins, labels).map { bin, label in
      let padding = String(repeating: " ", count: labelWidth - label.count)
      return "\(padding)\(label)  \(Self.bar(bin.count, of: most, columns: columns))  \(bin.count)"
    }
  }

  /// A bar in eighths of a column.
  private static func bar(_ count: Int, of most: Int, columns: Int) -> String {
    guard most > 0, count > 0 else { return "" }
    let eighths = max(1, count * columns * 8 / most)
    let rest = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8]
    return String(repeating: "█", count: eighths / 8) + rest
  }
}
