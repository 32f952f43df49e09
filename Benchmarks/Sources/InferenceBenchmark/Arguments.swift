internal import Foundation
internal import Tensors

/// The command line: a command and `--name value` pairs.
struct Arguments {
  let command: String
  private let values: [String: String]

  struct Fault: Error, CustomStringConvertible {
    let description: String
  }

  init(_ words: [String]) throws {
    guard let command = words.first, words.count % 2 == 1 else {
      throw Fault(
        description: "usage: InferenceBenchmark peak|embed|score|accuracy|latency|load|checkpoint [--name value]…")
    }
    self.command = command
    var values: [String: String] = [:]
    for index in stride(from: 1, to: words.count, by: 2) {
      guard words[index].hasPrefix("--") else { throw Fault(description: "\(words[index]) is no option") }
      values[String(words[index].dropFirst(2))] = words[index + 1]
    }
    self.values = values
  }

  func text(_ name: String) throws -> String {
    guard let value = values[name] else { throw Fault(description: "--\(name) is missing") }
    return value
  }

  /// Who computes the products: `--products` by name, or who is fastest in `--precision`, which is float32 if missing.
  func products() throws -> ProductImplementation {
    guard let precision = Precision(rawValue: values["precision"] ?? "float32") else {
      throw Fault(description: "--precision is float32, bfloat16 or auto")
    }
    let name = values["products"] ?? ProductImplementation.preferred(for: precision).rawValue
    guard let products = ProductImplementation(rawValue: name), products.isSupported else {
      let known = ProductImplementation.allCases.filter(\.isSupported).map(\.rawValue).joined(separator: ", ")
      throw Fault(description: "this machine has no \(name); it has \(known)")
    }
    return products
  }

  func number(_ name: String, default fallback: Int) throws -> Int {
    guard let value = values[name] else { return fallback }
    guard let number = Int(value), number > 0 else {
      throw Fault(description: "--\(name) is no positive number: \(value)")
    }
    return number
  }
}
