import Foundation
import Operations

/// MinHash signatures (Broder 1997, "On the resemblance and containment of documents") cut into bands for
/// locality-sensitive hashing (Leskovec, Rajaraman & Ullman, "Mining of Massive Datasets", ch. 3): two texts of
/// similarity s share a band of r values with probability s^r, and one of b bands with 1 − (1 − s^r)^b.
struct MinHash: Sendable {
  /// b.
  let bands: Int
  /// r.
  let rows: Int
  private let multipliers: [UInt64]
  private let offsets: [UInt64]

  /// The hash functions a signature has at most.
  static let budget = 128

  /// Takes as many rows a band as find a pair at the threshold with a probability of at least 0.985.
  init(threshold: Double) {
    let shapes = (1...16).map { rows in (rows: rows, bands: Self.budget / rows) }
    let rows = shapes.last { Self.detection(threshold, rows: $0.rows, bands: $0.bands) >= 0.985 }?.rows ?? 1
    self.rows = rows
    bands = Self.budget / rows
    // A seed of its own: the same text has the same signature for ever.
    var generator = SeededGenerator(seed: 0x6D69_6E68_6173_68)
    multipliers = (0..<Self.budget).map { _ in generator.next() | 1 }
    offsets = (0..<Self.budget).map { _ in generator.next() }
  }

  static func detection(_ similarity: Double, rows: Int, bands: Int) -> Double {
    1 - pow(1 - pow(similarity, Double(rows)), Double(bands))
  }

  /// One 32-bit key a band.
  ///
  /// Complexity: O(shingles × hash functions).
  func bandKeys(of shingles: Shingles) -> [UInt32] {
    (0..<bands).map { band in
      var key: UInt64 = 0xCBF2_9CE4_8422_2325
      for row in 0..<rows {
        let index = band * rows + row
        key = (key ^ minimum(shingles.hashes, multipliers[index], offsets[index])) &* 0x9E37_79B9_7F4A_7C15
      }
      return UInt32(truncatingIfNeeded: key >> 32)
    }
  }

  /// The smallest value of one hash function over all shingles (multiply–add–shift, Dietzfelbinger 1996).
  private func minimum(_ hashes: [UInt32], _ multiplier: UInt64, _ offset: UInt64) -> UInt64 {
    hashes.withUnsafeBufferPointer { hashes in
      var smallest = UInt64.max
      for hash in hashes {
        let value = (multiplier &* UInt64(hash) &+ offset) >> 32
        smallest = min(smallest, value)
      }
      return smallest
    }
  }
}
