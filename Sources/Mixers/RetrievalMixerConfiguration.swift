internal import Operations

/// The shape of a retrieval mixer, as its `config.json` says it, and what is known about its use.
public struct RetrievalMixerConfiguration: Codable, Sendable, Equatable {
  public var architectures: [String]
  /// D: the width of the embeddings it reads.
  public var hiddenSize: Int
  public var blockCount: Int
  /// C: one query and C − 1 candidates.
  public var contextWidth: Int
  /// The fingerprint of the masked mixer whose embeddings it was trained on; unknown when absent.
  public var maskedMixerFingerprint: String?
  /// The mode that won on the development split.
  public var automaticMode: AutomaticMode?

  /// What `auto` means for this retriever, with the figures that decided it.
  public struct AutomaticMode: Codable, Sendable, Equatable {
    public var mode: String
    /// The dataset split that was measured, never a test split.
    public var split: String
    /// accuracy@1 of each mode there.
    public var accuracy: [String: Double]

    enum CodingKeys: String, CodingKey {
      case mode, split
      case accuracy = "accuracy@1"
    }

    public init(mode: String, split: String, accuracy: [String: Double]) {
      self.mode = mode
      self.split = split
      self.accuracy = accuracy
    }
  }

  /// How the `hybrid` mode weighs BM25 against the dense stage, learned on development splits; reciprocal ranks when
  /// absent.
  public var fusion: Fusion?

  /// A learned fusion of BM25 and a dense stage.
  public struct Fusion: Codable, Sendable, Equatable {
    /// `cosine` or `projection`.
    public var dense: String
    /// What a point of BM25 counts beside the cosine.
    public var textWeight: Double
    /// The best BM25 score of a query from which on its words are trusted fully; 0 trusts them always.
    public var fullTrustScore: Double
    /// The splits that it was fitted on, never test splits.
    public var splits: [String]

    enum CodingKeys: String, CodingKey {
      case dense, splits
      case textWeight = "bm25_weight"
      case fullTrustScore = "bm25_full_trust"
    }

    public init(dense: String, textWeight: Double, fullTrustScore: Double = 0, splits: [String]) {
      self.fullTrustScore = fullTrustScore
      self.dense = dense
      self.textWeight = textWeight
      self.splits = splits
    }
  }

  enum CodingKeys: String, CodingKey {
    case fusion
    case architectures
    case hiddenSize = "hidden_size"
    case blockCount = "num_hidden_layers"
    case contextWidth = "context_width"
    case maskedMixerFingerprint = "masked_mixer_fingerprint"
    case automaticMode = "auto"
  }

  static let architecture = "RetrievalMixer"

  public init(hiddenSize: Int, blockCount: Int, contextWidth: Int) {
    architectures = [Self.architecture]
    self.hiddenSize = hiddenSize
    self.blockCount = blockCount
    self.contextWidth = contextWidth
  }

  /// The most candidates of one context, C − 1.
  public var candidateCount: Int { contextWidth - 1 }

  /// - Throws: ``MixersError`` naming the key.
  public func validate(at location: String? = nil) throws {
    guard architectures == [Self.architecture] else {
      throw MixersError(
        .badInput, "the model is of another architecture", at: location, expected: "[\"\(Self.architecture)\"]",
        found: "\(architectures)".excerpt())
    }
    try MaskedMixerConfiguration.check("hidden_size", hiddenSize, in: 1...65_536, at: location)
    try MaskedMixerConfiguration.check("num_hidden_layers", blockCount, in: 1...1024, at: location)
    try MaskedMixerConfiguration.check("context_width", contextWidth, in: 2...65_536, at: location)
    if let fusion {
      guard ["cosine", "projection"].contains(fusion.dense) else {
        throw MixersError(
          .badInput, "fusion.dense names no dense stage", at: location, expected: "cosine or projection",
          found: "\"\(fusion.dense.excerpt())\"")
      }
      guard fusion.textWeight > 0, fusion.textWeight.isFinite else {
        throw MixersError(
          .badInput, "fusion.bm25_weight is out of range", at: location, expected: "a number above 0",
          found: "\(fusion.textWeight)")
      }
      guard fusion.fullTrustScore >= 0, fusion.fullTrustScore.isFinite else {
        throw MixersError(
          .badInput, "fusion.bm25_full_trust is out of range", at: location, expected: "0 or more",
          found: "\(fusion.fullTrustScore)")
      }
    }
  }
}
