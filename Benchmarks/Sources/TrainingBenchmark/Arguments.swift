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
      throw Fault(description: "usage: TrainingBenchmark peak|pretrain|retrieve [--name value]…")
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

  /// `--precision`; float32 when it is missing.
  func precision() throws -> Precision {
    guard let value = values["precision"] else { return .float32 }
    guard let precision = Precision(rawValue: value), precision.isSupported else {
      throw Fault(description: "--precision is float32, bfloat16 (where the processor has it) or auto, not \(value)")
    }
    return precision
  }

  func number(_ name: String, default fallback: Int) throws -> Int {
    guard let value = values[name] else { return fallback }
    guard let number = Int(value), number > 0 else {
      throw Fault(description: "--\(name) is no positive number: \(value)")
    }
    return number
  }
}
