import Foundation
import Operations

/// Reports as one JSON document with keys in snake case, as everywhere in this program's JSON.
enum DatasetReportOutput {
  static func print(_ report: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    FileHandle.standardOutput.write(try encoder.encode(report) + Data("\n".utf8))
  }

  /// Says that an interrupted run was gone on with.
  static func noteResumption(after stories: Int) {
    Swift.print("continued after \(stories.grouped) stories")
  }
}
