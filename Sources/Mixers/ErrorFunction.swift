internal import Foundation

/// The C library's error function.
enum ErrorFunction {
  static func value(_ x: Double) -> Double { erf(x) }
}
