public import Checkpoints
public import Foundation
public import Tensors

/// A causal language model whose token mixing is one lower-triangular linear map over the positions
/// (Badger 2024, arXiv 2409.01482, §2.2).
///
/// Immutable once made, so that any number of workers may use it at the same time.
public final class MaskedMixer: Sendable {
  public let configuration: MaskedMixerConfiguration
  public let parameters: ParameterBuffer<Float>
  let blocks: [MixerBlock]
  let feedForwards: [FeedForward]
  /// Who computes the products.
  public let products: ProductImplementation
  let workspaces: WorkspacePool
  /// What the padding before a text contributes; empty with padding `none`.
  let paddingPrefix: PaddingPrefix?

  /// D: the width of hidden states and embeddings.
  public var width: Int { configuration.hiddenSize }

  /// Takes the parameters over, which must not be changed afterwards. Mixing weights above the diagonal are set to 0.
  ///
  /// - Throws: ``MixersError`` when the configuration is out of range, or the processor cannot compute the products.
  public init(
    _ configuration: MaskedMixerConfiguration, parameters: ParameterBuffer<Float>,
    products: ProductImplementation = .preferred
  ) throws {
    try configuration.validate()
    try products.requireSupport()
    let layout = MixerLayout.maskedMixer(configuration)
    precondition(parameters.layout == layout, "the parameters are of another shape than the configuration")
    self.configuration = configuration
    self.parameters = parameters
    self.products = products
    let blocks = (0..<configuration.blockCount).map {
      MixerBlock($0, width: configuration.hiddenSize, positions: configuration.contextLength, in: layout)
    }
    self.blocks = blocks
    feedForwards = try WorkerPool.map(count: blocks.count, threads: WorkerPool.defaultThreads) { _, index in
      blocks[index].clearAboveDiagonal(in: parameters)
      return FeedForward(blocks[index], parameters, products: products)
    }
    workspaces = WorkspacePool(width: configuration.hiddenSize, positions: configuration.contextLength)
    paddingPrefix =
      configuration.padding == .token
      ? PaddingPrefix(
        configuration, parameters: parameters, blocks: blocks, feedForwards: feedForwards, products: products,
        workspaces: workspaces) : nil
  }

  /// Loads a model folder's `config.json` and `model.safetensors`.
  ///
  /// - Throws: `CheckpointError` or ``MixersError``, naming file, tensor or key, or what the processor lacks.
  public convenience init(_ folder: ModelFolder, precision: Precision) throws {
    try self.init(folder, products: .preferred(for: precision))
  }

  /// The same with a choice of who computes the products.
  public convenience init(_ folder: ModelFolder, products: ProductImplementation = .preferred) throws {
    let configuration = try folder.configuration(MaskedMixerConfiguration.self)
    try configuration.validate(at: folder.configurationURL.path)
    let parameters = try ParameterBuffer(MixerLayout.maskedMixer(configuration), from: folder.parameters())
    try self.init(configuration, parameters: parameters, products: products)
  }

  /// The model's identity together with its tokenizer. `lm_head` does not make embeddings and is left out.
  public func fingerprint(tokenizer: Data) -> Fingerprint {
    Fingerprint(
      configuration: configuration.fingerprintKeys, tokenizer: tokenizer, parameters: parameters,
      tensors: parameters.layout.tensors.filter { $0.name != "lm_head.weight" })
  }

  func embeddingRow(of token: Int32) -> UnsafePointer<Float> {
    UnsafePointer(parameters.pointer("wte.weight")) + Int(token) * width
  }
}

extension MixerBlock {
  /// A published file may carry values above the diagonal, which the training code masks at each use.
  public func clearAboveDiagonal(in parameters: ParameterBuffer<Float>) {
    let weight = parameters.storage.base + mixingWeight
    for row in 0..<positions where row + 1 < positions {
      (weight + row * positions + row + 1).update(repeating: 0, count: positions - row - 1)
    }
  }
}
