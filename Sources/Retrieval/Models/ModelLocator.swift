public import Checkpoints
internal import Foundation
internal import Operations

/// Finds the models that ship with the package when none is named.
public struct ModelLocator: Sendable {
  /// Folders that may hold model folders, in the order in which they are looked through.
  public let roots: [String]

  public static let defaultEmbedder = "story-embedder-256"
  public static let defaultRetriever = "retrieval-mixer-256"

  public init(roots: [String]) { self.roots = roots }

  /// `MIXER_MODELS`, `Models` in the working folder, and `Models` in every folder above the binary.
  public static var standard: ModelLocator {
    var roots: [String] = []
    if let named = ProcessInfo.processInfo.environment["MIXER_MODELS"], !named.isEmpty { roots.append(named) }
    roots.append("Models")
    if let binary = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") {
      var folder = URL(fileURLWithPath: binary).deletingLastPathComponent()
      while folder.path != "/" {
        roots.append(folder.appendingPathComponent("Models").path)
        folder.deleteLastPathComponent()
      }
    }
    return ModelLocator(roots: roots)
  }

  /// The model folder of that name under one of the roots.
  ///
  /// - Throws: ``RetrievalError`` when there is none.
  public func find(_ name: String) throws -> ModelFolder {
    for root in roots {
      let folder = ModelFolder(path: root + "/" + name)
      if FileManager.default.fileExists(atPath: folder.configurationURL.path) { return folder }
    }
    throw RetrievalError(
      .notFound, "the model \(name) is not found", expected: "a folder of that name under \(roots.first ?? "Models")",
      hint: "set MIXER_MODELS to the Models folder, or name a model with --model or --retriever")
  }

  /// All masked mixers under the first root that has any, the default one first.
  public func embedders() -> [ModelFolder] {
    for root in roots {
      let names = ((try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []).sorted {
        ($0 == Self.defaultEmbedder ? 0 : 1, $0) < ($1 == Self.defaultEmbedder ? 0 : 1, $1)
      }
      let folders = names.map { ModelFolder(path: root + "/" + $0) }.filter {
        FileManager.default.fileExists(atPath: $0.tokenizerURL.path)
      }
      if !folders.isEmpty { return folders }
    }
    return []
  }
}
