/// Which items belong together: union–find with path halving, the smallest number standing for its cluster
/// (Tarjan & van Leeuwen 1984).
struct Clusters {
  private var parents: [Int]

  init(count: Int) { parents = Array(0..<count) }

  mutating func representative(of item: Int) -> Int {
    var item = item
    while parents[item] != item {
      parents[item] = parents[parents[item]]
      item = parents[item]
    }
    return item
  }

  mutating func join(_ a: Int, _ b: Int) {
    let (a, b) = (representative(of: a), representative(of: b))
    if a != b { parents[max(a, b)] = min(a, b) }
  }

  /// Every cluster in the order of its first item, its items ascending.
  mutating func groups() -> [[Int]] {
    var members: [Int: [Int]] = [:]
    for item in parents.indices { members[representative(of: item), default: []].append(item) }
    return members.sorted { $0.key < $1.key }.map(\.value)
  }
}
