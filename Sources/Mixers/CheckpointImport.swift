public import Checkpoints
public import Foundation
internal import Operations
internal import Tensors

/// Turns a published masked-mixer or retrieval-mixer checkpoint into a model folder of ours.
///
/// Flat, kernel-1 checkpoints have our names and shapes, so that their sizes can be read off the tensors; every other
/// variant gets an error that says which one it looks like.
public struct CheckpointImport: Sendable {
  /// What the file holds.
  public enum Model: Sendable, Equatable {
    case maskedMixer(MaskedMixerConfiguration)
    case retrievalMixer(RetrievalMixerConfiguration)
  }

  public let model: Model
  private let file: SafetensorsFile

  /// Reads a checkpoint's shapes.
  ///
  /// - Parameters:
  ///   - padTokenID, padding, appendsEndOfText: what the file does not say of a masked mixer.
  /// - Throws: `CheckpointError`, or ``MixersError`` naming the tensor that does not fit.
  public init(
    path: String, padTokenID: Int32 = 2, padding: Padding = .token, appendsEndOfText: Bool = false
  ) throws {
    file = try SafetensorsFile(path: path)
    try Self.refuseVariants(file)
    let blocks = Self.blockCount(file)
    let mixing = try Self.shape("mixerblocks.0.conv.weight", in: file, dimensions: 3)
    guard blocks > 0, mixing[0] == mixing[1] else {
      throw MixersError(
        .badInput, "the token mixing is not square", at: "\(path), tensor mixerblocks.0.conv.weight",
        expected: "(L, L, 1)", found: "\(mixing)")
    }
    if file.entry("retrieval_head.weight") != nil {
      let head = try Self.shape("retrieval_head.weight", in: file, dimensions: 2)
      model = .retrievalMixer(
        RetrievalMixerConfiguration(hiddenSize: head[1], blockCount: blocks, contextWidth: mixing[0]))
    } else {
      let embedding = try Self.shape("wte.weight", in: file, dimensions: 2)
      model = .maskedMixer(
        MaskedMixerConfiguration(
          vocabularySize: embedding[0], hiddenSize: embedding[1], blockCount: blocks, contextLength: mixing[0],
          padTokenID: padTokenID, padding: padding, appendsEndOfText: appendsEndOfText))
    }
  }

  /// Writes the folder: `config.json`, `model.safetensors` in float32, and the tokenizer and a card when given.
  ///
  /// - Throws: when a tensor does not fit, or the folder exists or cannot be written. Nothing is left behind then.
  public func write(to folder: ModelFolder, tokenizer: URL? = nil, card: String? = nil) throws {
    let manager = FileManager.default
    guard !manager.fileExists(atPath: folder.url.path) else {
      throw MixersError(.conflict, "the output folder exists already", at: folder.url.path, hint: "name a new one")
    }
    let staging = ModelFolder(
      folder.url.deletingLastPathComponent().appendingPathComponent(".\(folder.url.lastPathComponent).partial"))
    try? manager.removeItem(at: staging.url)
    do {
      try manager.createDirectory(at: staging.url, withIntermediateDirectories: true)
    } catch {
      throw MixersError(.environment, "cannot make the output folder", at: folder.url.path)
    }
    do {
      try writeContent(to: staging, tokenizer: tokenizer, card: card)
      try manager.moveItem(at: staging.url, to: folder.url)
    } catch {
      try? manager.removeItem(at: staging.url)
      throw error
    }
  }

  private func writeContent(to folder: ModelFolder, tokenizer: URL?, card: String?) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    switch model {
    case .maskedMixer(let configuration):
      try configuration.validate(at: file.path)
      // Made once, so that whatever would fail when loading fails here; it also clears the weights above the diagonal.
      let mixer = try MaskedMixer(
        configuration, parameters: ParameterBuffer(MixerLayout.maskedMixer(configuration), from: file))
      try AtomicFile.replace(folder.configurationURL, with: encoder.encode(configuration))
      try mixer.parameters.write(to: folder.parametersURL)
    case .retrievalMixer(let configuration):
      try configuration.validate(at: file.path)
      let mixer = try RetrievalMixer(
        configuration, parameters: ParameterBuffer(MixerLayout.retrievalMixer(configuration), from: file))
      try AtomicFile.replace(folder.configurationURL, with: encoder.encode(configuration))
      try mixer.parameters.write(to: folder.parametersURL)
    }
    if let tokenizer { try AtomicFile.replace(folder.tokenizerURL, with: Data(contentsOf: tokenizer)) }
    if let card { try AtomicFile.replace(folder.cardURL, with: Data(card.utf8)) }
  }

  private static func blockCount(_ file: SafetensorsFile) -> Int {
    (0...).first { file.entry("mixerblocks.\($0).conv.weight") == nil } ?? 0
  }

  private static func shape(_ name: String, in file: SafetensorsFile, dimensions: Int) throws -> [Int] {
    guard let entry = file.entry(name) else {
      throw MixersError(
        .badInput, "the file is no masked-mixer checkpoint: the tensor \(name) is missing", at: file.path,
        expected: "wte, mixerblocks.N and lm_head, or mixerblocks.N and retrieval_head")
    }
    guard entry.shape.count == dimensions, entry.shape.allSatisfy({ $0 > 0 }) else {
      throw MixersError(
        .badInput, "the tensor is of another shape", at: "\(file.path), tensor \(name)",
        expected: "\(dimensions) dimensions", found: "\(entry.shape)")
    }
    return entry.shape
  }

  /// The paper's other mixers have other tensors; loading a part of them would compute something else.
  private static func refuseVariants(_ file: SafetensorsFile) throws {
    func refuse(_ variant: String, _ name: String, _ found: String? = nil) -> MixersError {
      MixersError(
        .badInput, "the checkpoint is a \(variant), which is not supported yet", at: "\(file.path), tensor \(name)",
        expected: "a flat masked mixer with kernel 1", found: found)
    }
    for entry in file.entries {
      let name = entry.name
      if name.hasSuffix("conv.weight"), entry.shape.count == 3, entry.shape[2] != 1 {
        throw refuse("mixer with convolution kernels", name, "kernel \(entry.shape[2])")
      }
      if name.contains(".conv1.") || name.contains(".conv2.") { throw refuse("expanded mixer", name) }
      if name.contains(".mixer_heads.") || name.contains("proj_head") { throw refuse("multi-headed mixer", name) }
      if name.contains(".self_attn.") { throw refuse("transformer", name) }
    }
  }
}
