import Mixers
import Tensors

/// The published way, quick enough for whole windows in a debug build: every text padded to L positions, all of them
/// computed in every block, no prefix, no packing, no triangle left out.
enum FullWindow {
  /// All L hidden states, `L × D`.
  static func hiddenStates(_ model: MaskedMixer, tokens: [Int32]) -> [Float] {
    let configuration = model.configuration
    let (length, width) = (configuration.contextLength, configuration.hiddenSize)
    let pads = length - tokens.count
    let padded = [Int32](repeating: configuration.padTokenID, count: pads) + tokens
    let embeddings = model.parameters.pointer("wte.weight")
    var x = padded.flatMap { UnsafeBufferPointer(start: embeddings + Int($0) * width, count: width) }
    var y = [Float](repeating: 0, count: length * width)
    var inner = [Float](repeating: 0, count: length * width * 4)
    for index in 0..<configuration.blockCount {
      func tensor(_ name: String) -> UnsafePointer<Float> {
        UnsafePointer(model.parameters.pointer("mixerblocks.\(index).\(name)"))
      }
      LayerNorm.forward(
        x, weight: tensor("seq_layernorm.weight"), bias: tensor("seq_layernorm.bias"), into: &y, rows: length,
        width: width)
      if configuration.padding == .none {
        y.replaceSubrange(0..<pads * width, with: repeatElement(0, count: pads * width))
      }
      // The model has zeros above the diagonal.
      LinearProduct.mix(
        weight: tensor("conv.weight"), stride: length, y, addingTo: &x, rows: length, positions: length, width: width)
      Elementwise.addRowBias(tensor("conv.bias"), to: &x, rows: length, width: width)
      LayerNorm.forward(
        x, weight: tensor("patch_layernorm.weight"), bias: tensor("patch_layernorm.bias"), into: &y, rows: length,
        width: width)
      LinearProduct.apply(
        y, weight: tensor("patch_ff.0.weight"), into: &inner, rows: length, inputs: width, outputs: 4 * width, beta: 0)
      GELU.forward(&inner, addingBias: tensor("patch_ff.0.bias"), rows: length, width: 4 * width)
      LinearProduct.apply(
        inner, weight: tensor("patch_ff.2.weight"), into: &x, rows: length, inputs: 4 * width, outputs: width, beta: 1)
      Elementwise.addColumnBias(tensor("patch_ff.2.bias"), to: &x, rows: length, width: width)
    }
    return x
  }

  /// The hidden state at position L − 2.
  static func embedding(_ model: MaskedMixer, _ tokens: [Int32]) -> [Float] {
    Array(hiddenStates(model, tokens: tokens).suffix(2 * model.width).prefix(model.width))
  }
}
