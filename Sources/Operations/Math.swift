internal import Foundation

/// The C library's functions under names that do not collide with a type's own members.
enum Math {
  static func log(_ x: Double) -> Double { Foundation.log(x) }
  static func cos(_ x: Double) -> Double { Foundation.cos(x) }
}
