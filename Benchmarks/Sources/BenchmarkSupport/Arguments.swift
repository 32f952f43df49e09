internal import Foundation
public import Tensors

/// The command line of a benchmark: a command and `--name value` pairs.
public struct Arguments {
  public let command: String
  private let values: [String: String]

  public struct Fault: Error, CustomStringConvertible {
    public let description: String

    public init(description: String) { self.description = description }
  }

  init(_ words: [String], usage: String) throws {
    guard let command = words.first, words.count % 2 == 1 else { throw Fault(description: "usage: \(usage)") }
    self.command = command
    var values: [String: String] = [:]
    for index in stride(from: 1, to: words.count, by: 2) {
      guard words[index].hasPrefix("--") else { throw Fault(description: "\(words[index]) is no option") }
      values[String(words[index].dropFirst(2))] = words[index + 1]
    }
    self.values = values
  }

  public func text(_ name: String) throws -> String {
    guard let value = values[name] else { throw Fault(description: "--\(name) is missing") }
    return value
  }

  public func number(_ name: String, default fallback: Int) throws -> Int {
    guard let value = values[name] else { return fallback }
    guard let number = Int(value), number > 0 else {
      throw Fault(description: "--\(name) is no positive number: \(value)")
    }
    return number
  }

  /// `--precision`; float32 when it is missing.
  public func precision() throws -> Precision {
    guard let value = values["precision"] else { return .float32 }
    guard let precision = Precision(rawValue: value) else {
      throw Fault(description: "--precision is float32, bfloat16 or auto, not \(value)")
    }
    guard precision.isSupported else { throw Fault(description: "this processor does not multiply \(value)") }
    return precision
  }

  /// Who computes the products: `--products` by name, or who is fastest in `--precision`.
  public func products() throws -> ProductImplementation {
    guard let name = values["products"] else { return .preferred(for: try precision()) }
    guard let products = ProductImplementation(rawValue: name), products.isSupported else {
      let known = ProductImplementation.allCases.filter(\.isSupported).map(\.rawValue).joined(separator: ", ")
      throw Fault(description: "this machine has no \(name); it has \(known)")
    }
    return products
  }
}
