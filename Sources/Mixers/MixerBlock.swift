public import Tensors

/// One block, "token mixing + feed-forward" (paper §2.2):
///
///     x = x + W · seq_layernorm(x) + b[:, None]                  W: (positions, positions), lower-triangular when causal
///     x = x + FF2(GELU(FF1(patch_layernorm(x))))                 FF1: D → 4D, FF2: 4D → D
///
/// The value holds where the block's tensors lie in a model's flat buffer.
public struct MixerBlock: Sendable, Equatable {
  public let width: Int
  public let positions: Int
  let sequenceNormWeight, sequenceNormBias: Int
  let mixingWeight, mixingBias: Int
  let patchNormWeight, patchNormBias: Int
  let expandWeight, expandBias: Int
  let contractWeight, contractBias: Int

  /// The feed-forward's inner width, 4 D.
  public var innerWidth: Int { 4 * width }

  /// The names and shapes of block `index`, as the published checkpoints have them.
  static func tensors(_ index: Int, width: Int, positions: Int) -> [TensorShape] {
    let name = "mixerblocks.\(index)"
    return [
      TensorShape("\(name).seq_layernorm.weight", [width]),
      TensorShape("\(name).seq_layernorm.bias", [width]),
      TensorShape("\(name).conv.weight", [positions, positions, 1]),
      TensorShape("\(name).conv.bias", [positions]),
      TensorShape("\(name).patch_layernorm.weight", [width]),
      TensorShape("\(name).patch_layernorm.bias", [width]),
      TensorShape("\(name).patch_ff.0.weight", [4 * width, width]),
      TensorShape("\(name).patch_ff.0.bias", [4 * width]),
      TensorShape("\(name).patch_ff.2.weight", [width, 4 * width]),
      TensorShape("\(name).patch_ff.2.bias", [width]),
    ]
  }

  init(_ index: Int, width: Int, positions: Int, in layout: ParameterLayout) {
    self.width = width
    self.positions = positions
    func offset(_ part: String) -> Int { layout.offset(of: "mixerblocks.\(index).\(part)") }
    sequenceNormWeight = offset("seq_layernorm.weight")
    sequenceNormBias = offset("seq_layernorm.bias")
    mixingWeight = offset("conv.weight")
    mixingBias = offset("conv.bias")
    patchNormWeight = offset("patch_layernorm.weight")
    patchNormBias = offset("patch_layernorm.bias")
    expandWeight = offset("patch_ff.0.weight")
    expandBias = offset("patch_ff.0.bias")
    contractWeight = offset("patch_ff.2.weight")
    contractBias = offset("patch_ff.2.bias")
  }
}

/// The tensors of the two models of this module.
public enum MixerLayout {
  /// `wte`, the blocks, `lm_head`.
  public static func maskedMixer(_ configuration: MaskedMixerConfiguration) -> ParameterLayout {
    let (vocabulary, width) = (configuration.vocabularySize, configuration.hiddenSize)
    return ParameterLayout(
      [TensorShape("wte.weight", [vocabulary, width])]
        + (0..<configuration.blockCount).flatMap {
          MixerBlock.tensors($0, width: width, positions: configuration.contextLength)
        }
        + [TensorShape("lm_head.weight", [vocabulary, width])])
  }

  /// The blocks and the head.
  public static func retrievalMixer(_ configuration: RetrievalMixerConfiguration) -> ParameterLayout {
    let width = configuration.hiddenSize
    return ParameterLayout(
      (0..<configuration.blockCount).flatMap {
        MixerBlock.tensors($0, width: width, positions: configuration.contextWidth)
      } + [TensorShape("retrieval_head.weight", [1, width]), TensorShape("retrieval_head.bias", [1])])
  }
}
