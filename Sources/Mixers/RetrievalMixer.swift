public import Checkpoints
internal import Foundation
public import Tensors

/// The bidirectional mixer that reads one query and C − 1 candidates in one context and scores every candidate
/// (Badger 2024, arXiv 2409.01482, §4.2): masked-mixer blocks over the C rows without the mask, then a linear head.
///
/// Immutable once made, so that any number of workers may use it at the same time.
public final class RetrievalMixer: Sendable {
  public let configuration: RetrievalMixerConfiguration
  public let parameters: ParameterBuffer<Float>
  /// How raw embeddings become input rows.
  public let inputs: RetrievalInputs
  /// The learned first stage that was stored with the model, if any.
  public let projection: Projection?
  let blocks: [MixerBlock]
  let feedForwards: [FeedForward]
  /// Who computes the products.
  public let products: ProductImplementation
  let workspaces: WorkspacePool
  /// The head folded into the last block's second feed-forward product: `FF2ᵀ · head` (4D) and `head · b2 + b`.
  let foldedHead: [Float]
  let foldedBias: Float

  /// D: the width of the embeddings it reads.
  public var width: Int { configuration.hiddenSize }

  /// Takes the parameters over, which must not be changed afterwards.
  ///
  /// - Throws: ``MixersError`` when the configuration is out of range, or the processor cannot compute the products.
  public init(
    _ configuration: RetrievalMixerConfiguration, parameters: ParameterBuffer<Float>,
    inputs: RetrievalInputs? = nil, projection: Projection? = nil,
    products: ProductImplementation = .preferred
  ) throws {
    try configuration.validate()
    try products.requireSupport()
    let layout = MixerLayout.retrievalMixer(configuration)
    precondition(parameters.layout == layout, "the parameters are of another shape than the configuration")
    self.configuration = configuration
    self.parameters = parameters
    self.inputs = inputs ?? RetrievalInputs(width: configuration.hiddenSize, candidates: configuration.candidateCount)
    self.projection = projection
    self.products = products
    let blocks = (0..<configuration.blockCount).map {
      MixerBlock($0, width: configuration.hiddenSize, positions: configuration.contextWidth, in: layout)
    }
    self.blocks = blocks
    feedForwards = try WorkerPool.map(count: blocks.count, threads: WorkerPool.defaultThreads) { _, index in
      FeedForward(blocks[index], parameters, products: products, contracts: index < blocks.count - 1)
    }
    workspaces = WorkspacePool(width: configuration.hiddenSize, positions: configuration.contextWidth)

    let last = blocks[blocks.count - 1]
    let (base, head) = (parameters.storage.base, parameters.pointer("retrieval_head.weight"))
    var folded = [Float](repeating: 0, count: last.innerWidth)
    LinearProduct.mix(
      weight: head, stride: last.width, base + last.contractWeight, addingTo: &folded, rows: 1, positions: last.width,
      width: last.innerWidth)
    foldedHead = folded
    foldedBias =
      parameters.pointer("retrieval_head.bias").pointee
      + (0..<last.width).reduce(0) { $0 + head[$1] * base[last.contractBias + $1] }
  }

  /// Loads a model folder's `config.json` and `model.safetensors`.
  ///
  /// - Throws: `CheckpointError` or ``MixersError``, naming file, tensor or key, or what the processor lacks.
  public convenience init(_ folder: ModelFolder, precision: Precision) throws {
    try self.init(folder, products: .preferred(for: precision))
  }

  /// The same with a choice of who computes the products.
  public convenience init(_ folder: ModelFolder, products: ProductImplementation = .preferred) throws {
    let configuration = try folder.configuration(RetrievalMixerConfiguration.self)
    try configuration.validate(at: folder.configurationURL.path)
    let file = try folder.parameters()
    try self.init(
      configuration, parameters: ParameterBuffer(MixerLayout.retrievalMixer(configuration), from: file),
      inputs: RetrievalInputs(from: file, configuration), projection: Projection(from: file, configuration),
      products: products)
  }
}
