public import Foundation
internal import Operations

/// A model as a folder in Hugging Face's layout: `config.json`, `model.safetensors`, `tokenizer.model`, `README.md`.
public struct ModelFolder: Sendable {
  public let url: URL

  public init(_ url: URL) { self.url = url }

  public init(path: String) { url = URL(fileURLWithPath: path, isDirectory: true) }

  public var configurationURL: URL { url.appendingPathComponent("config.json") }
  public var parametersURL: URL { url.appendingPathComponent("model.safetensors") }
  public var tokenizerURL: URL { url.appendingPathComponent("tokenizer.model") }
  public var cardURL: URL { url.appendingPathComponent("README.md") }

  /// - Throws: ``CheckpointError`` when there is no folder of that name.
  public func requireFolder() throws {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder), isFolder.boolValue else {
      throw CheckpointError(
        .notFound, "there is no model folder", at: url.path, expected: "a folder with config.json and model.safetensors"
      )
    }
  }

  /// Decodes `config.json` as `type`.
  ///
  /// - Throws: ``CheckpointError`` when the folder or the file is missing, is no JSON, or lacks a key.
  public func configuration<Configuration: Decodable>(_ type: Configuration.Type) throws -> Configuration {
    try requireFolder()
    guard let data = FileManager.default.contents(atPath: configurationURL.path) else {
      throw CheckpointError(.notFound, "the model folder has no readable config.json", at: url.path)
    }
    do {
      return try JSONDecoder().decode(type, from: data)
    } catch let error as DecodingError {
      throw CheckpointError(.badInput, error.sentence, at: configurationURL.path)
    }
  }

  /// Writes `config.json`, whole or not at all.
  ///
  /// - Throws: `OperationError`
  public func writeConfiguration(_ configuration: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try AtomicFile.replace(configurationURL, with: try encoder.encode(configuration) + Data("\n".utf8))
  }

  /// Maps `model.safetensors`.
  ///
  /// - Throws: ``CheckpointError``
  public func parameters() throws -> SafetensorsFile { try SafetensorsFile(path: parametersURL.path) }
}

extension DecodingError {
  /// What is wrong, for a person: the key, what was expected, what was found.
  public var sentence: String {
    func path(_ context: Context, _ last: (any CodingKey)? = nil) -> String {
      (context.codingPath + (last.map { [$0] } ?? [])).map(\.stringValue).joined(separator: ".")
    }
    switch self {
    case .keyNotFound(let key, let context): return "the key \"\(path(context, key))\" is missing"
    case .valueNotFound(_, let context): return "the key \"\(path(context))\" is null"
    case .typeMismatch(let type, let context): return "the key \"\(path(context))\" is not of type \(type)"
    case .dataCorrupted(let context):
      return context.codingPath.isEmpty
        ? "the file is no JSON of the expected form" : "the key \"\(path(context))\": \(context.debugDescription)"
    @unknown default: return "the file cannot be decoded"
    }
  }
}
