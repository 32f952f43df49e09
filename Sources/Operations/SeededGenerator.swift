/// A small, fast, seeded random generator with a state that can be saved: xoshiro256** (Blackman & Vigna 2018,
/// "Scrambled linear pseudorandom number generators"), seeded through splitmix64 as its authors advise.
///
/// The same seed gives the same sequence on every machine and in every version of this package.
public struct SeededGenerator: RandomNumberGenerator, Sendable, Equatable, Codable {
  private var state: [UInt64]

  public init(seed: UInt64) {
    var mix = seed
    state = (0..<4).map { _ in
      mix &+= 0x9E37_79B9_7F4A_7C15
      var z = mix
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
  }

  public mutating func next() -> UInt64 {
    func rotate(_ x: UInt64, _ k: UInt64) -> UInt64 { (x << k) | (x >> (64 - k)) }
    let result = rotate(state[1] &* 5, 7) &* 9
    let t = state[1] << 17
    state[2] ^= state[0]
    state[3] ^= state[1]
    state[1] ^= state[2]
    state[0] ^= state[3]
    state[2] ^= t
    state[3] = rotate(state[3], 45)
    return result
  }

  /// A uniform number in `0..<bound` (Lemire 2019, without bias). `bound` must be positive.
  ///
  /// Spelled out because the standard library does not promise its algorithm.
  public mutating func uniform(below bound: Int) -> Int {
    precondition(bound > 0)
    let range = UInt64(bound)
    var product = next().multipliedFullWidth(by: range)
    if product.low < range {
      let threshold = (0 &- range) % range
      while product.low < threshold { product = next().multipliedFullWidth(by: range) }
    }
    return Int(product.high)
  }

  /// A uniform number in `[0, 1)` with 53 random bits.
  public mutating func unitInterval() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// A normal deviate with mean 0 and deviation 1 (Box–Muller).
  public mutating func normal() -> Double {
    let radius = (-2 * Math.log(1 - unitInterval())).squareRoot()
    return radius * Math.cos(2 * .pi * unitInterval())
  }

  /// Puts `items` in a random order (Fisher–Yates).
  public mutating func shuffle<Element>(_ items: inout [Element]) {
    guard items.count > 1 else { return }
    for index in stride(from: items.count - 1, through: 1, by: -1) {
      items.swapAt(index, uniform(below: index + 1))
    }
  }

  /// `count` different numbers out of `0..<bound` in the order drawn (Floyd's algorithm would lose the order).
  ///
  /// Complexity: O(count) expected while `count` is at most half of `bound`.
  public mutating func distinct(_ count: Int, below bound: Int) -> [Int] {
    precondition(count <= bound)
    if count > bound / 2 {
      var all = Array(0..<bound)
      for index in 0..<count { all.swapAt(index, index + uniform(below: bound - index)) }
      return Array(all.prefix(count))
    }
    var seen = Set<Int>(minimumCapacity: count)
    var result: [Int] = []
    result.reserveCapacity(count)
    while result.count < count {
      let candidate = uniform(below: bound)
      if seen.insert(candidate).inserted { result.append(candidate) }
    }
    return result
  }
}
