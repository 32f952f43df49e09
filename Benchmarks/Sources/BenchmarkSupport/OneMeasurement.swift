internal import Foundation

/// A benchmark's whole run: one measurement by the command's name, one line of JSON on standard output.
public enum OneMeasurement {
  /// Ends the process with status 2 where `measure` throws.
  public static func run(usage: String, _ measure: (Arguments) throws -> [String: Double]) {
    do {
      let result = try measure(Arguments(Array(CommandLine.arguments.dropFirst()), usage: usage))
      let encoder = JSONEncoder()
      encoder.outputFormatting = .sortedKeys
      print(String(decoding: try encoder.encode(result), as: UTF8.self))
    } catch {
      FileHandle.standardError.write(Data("error: \(error)\n".utf8))
      exit(2)
    }
  }
}
