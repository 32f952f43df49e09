internal import Foundation

/// The C library's logarithm.
enum Logarithm {
  static func base2(_ x: Double) -> Double { log2(x) }
}
