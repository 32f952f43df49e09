import ArgumentParser
import Checkpoints
import Foundation
import Mixers
import Operations
import Retrieval
import Tensors

struct ModelInfoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info",
    abstract: "Say what a model is: its shape, size and fingerprint.",
    discussion: """
      Example:
        mixer model info Models/story-embedder-256
      """)

  @Argument(help: ArgumentHelp("The model's folder.", valueName: "DIR"))
  var model: String
  @OptionGroup var json: JSONOption

  func run() throws {
    let report = try ModelReport(ModelFolder(path: model))
    if json.isOn { return try JSONOutput.print(report) }
    print("\(report.architecture) in \(report.path)")
    for (name, value) in report.lines { print("  \(name.padding(toLength: 14, withPad: " ", startingAt: 0))\(value)") }
  }
}

/// What `model info` says.
struct ModelReport: Encodable {
  let path: String
  let architecture: String
  let parameters: Int
  let bytes: Int
  let hiddenSize: Int
  let blocks: Int
  /// L of a masked mixer, C of a retrieval mixer.
  let positions: Int
  var vocabulary: Int?
  var padding: String?
  var fingerprint: String?
  var readsEmbeddingsOf: String?
  var hasProjection: Bool?
  var automaticMode: RetrievalMixerConfiguration.AutomaticMode?
  var fusion: RetrievalMixerConfiguration.Fusion?
  /// What the precision `auto` is on this processor.
  let automaticPrecision = Precision.automatic.explanation

  enum CodingKeys: String, CodingKey {
    case path, architecture, parameters, bytes, blocks, positions, vocabulary, padding, fingerprint
    case hiddenSize = "hidden_size"
    case readsEmbeddingsOf = "masked_mixer_fingerprint"
    case hasProjection = "has_projection"
    case automaticMode = "auto"
    case fusion
    case automaticPrecision = "auto_precision"
  }

  init(_ folder: ModelFolder) throws {
    let kind = try folder.configuration(ModelKind.self)
    let file = try folder.parameters()
    path = folder.url.path
    architecture = kind.architectures.first ?? ""
    parameters = file.entries.reduce(0) { $0 + $1.count }
    bytes = (try? FileManager.default.attributesOfItem(atPath: folder.parametersURL.path)[.size] as? Int) ?? 0
    if kind.isRetriever {
      let retriever = try RetrievalMixer(folder)
      hiddenSize = retriever.width
      blocks = retriever.configuration.blockCount
      positions = retriever.configuration.contextWidth
      readsEmbeddingsOf = retriever.configuration.maskedMixerFingerprint
      hasProjection = retriever.projection != nil
      automaticMode = retriever.configuration.automaticMode
      fusion = retriever.configuration.fusion
    } else {
      let embedder = try TextEmbedder(folder)
      let configuration = embedder.mixer.configuration
      hiddenSize = configuration.hiddenSize
      blocks = configuration.blockCount
      positions = configuration.contextLength
      vocabulary = configuration.vocabularySize
      padding = configuration.padding.rawValue
      fingerprint = embedder.fingerprint.hex
    }
  }

  var lines: [(String, String)] {
    var lines = [
      ("parameters", "\(parameters.grouped) (\(bytes.grouped) bytes)"), ("width", "\(hiddenSize)"),
      ("blocks", "\(blocks)"),
      ("positions", "\(positions)"),
    ]
    if let vocabulary { lines.append(("vocabulary", vocabulary.grouped)) }
    if let padding { lines.append(("padding", padding)) }
    if let fingerprint { lines.append(("fingerprint", fingerprint)) }
    if let readsEmbeddingsOf { lines.append(("embeddings of", readsEmbeddingsOf)) }
    if let hasProjection { lines.append(("projection", hasProjection ? "yes" : "no")) }
    if let automaticMode {
      let figures = automaticMode.accuracy.sorted { $0.key < $1.key }.map {
        String(format: "%@ %.4f", $0.key, $0.value)
      }
      lines.append(
        ("auto", "\(automaticMode.mode) (accuracy@1 on \(automaticMode.split): \(figures.joined(separator: ", ")))"))
    }
    if let fusion {
      lines.append(("hybrid", String(format: "%@ + %.4g × BM25", fusion.dense, fusion.textWeight)))
    }
    lines.append(("auto precision", automaticPrecision))
    return lines
  }
}

/// The one key that both kinds of config.json have.
struct ModelKind: Decodable {
  let architectures: [String]

  var isRetriever: Bool { architectures == ["RetrievalMixer"] }
}
