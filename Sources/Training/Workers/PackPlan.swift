/// Spreads texts of different lengths over packs of about equal work.
public enum PackPlan {
  /// Indices of the texts of each pack. Their number is a multiple of `workers`, pack p being worker p mod `workers`'s;
  /// some may be empty. The longest texts are placed first, each into the pack with the fewest rows (Graham 1969).
  ///
  /// Rows are packed without padding, so texts of different lengths share a pack at no cost: batches need not be
  /// sorted by length.
  ///
  /// - Parameters:
  ///   - rows: of each text, at most `capacity`.
  ///   - capacity: the most rows of a pack.
  public static func packs(rows: [Int], workers: Int, capacity: Int) -> [[Int]] {
    precondition(rows.allSatisfy { $0 <= capacity }, "a text is longer than a pack")
    let order = rows.indices.sorted { (rows[$0], $1) > (rows[$1], $0) }
    let total = rows.reduce(0, +)
    var count = max(1, (total + capacity * workers - 1) / (capacity * workers)) * workers
    while true {
      if let packs = place(order, rows, into: count, capacity) { return packs }
      count += workers
    }
  }

  private static func place(_ order: [Int], _ rows: [Int], into count: Int, _ capacity: Int) -> [[Int]]? {
    var packs = [[Int]](repeating: [], count: count)
    var loads = [Int](repeating: 0, count: count)
    for text in order {
      var lightest = 0
      for pack in 1..<max(1, count) where loads[pack] < loads[lightest] { lightest = pack }
      if loads[lightest] + rows[text] > capacity { return nil }
      packs[lightest].append(text)
      loads[lightest] += rows[text]
    }
    return packs
  }
}
