public import Tensors

/// The models as their definition reads, in plain loops over whole windows: slow, obvious, and what every fast
/// path is held against. Written for any scalar, so that gradients can be checked in double precision.
public enum ReferenceForward {
  /// One block over a window, in place (DESIGN §2).
  ///
  /// - Parameters:
  ///   - tensor: the block's tensor of a name such as `conv.weight`.
  ///   - isReal: for padding `none`, which positions hold tokens: the others contribute nothing to the mixing.
  public static func block<Scalar: TensorScalar>(
    _ x: inout [[Scalar]], isCausal: Bool, isReal: [Bool]? = nil, tensor: (String) -> UnsafePointer<Scalar>
  ) {
    let (length, width) = (x.count, x[0].count)
    let mixing = tensor("conv.weight")
    let mixingBias = tensor("conv.bias")
    var normalized = x.map { layerNorm($0, tensor("seq_layernorm.weight"), tensor("seq_layernorm.bias")) }
    if let isReal {
      for row in 0..<length where !isReal[row] { normalized[row] = [Scalar](repeating: 0, count: width) }
    }
    var mixed = x
    for row in 0..<length {
      for column in 0..<width { mixed[row][column] += mixingBias[row] }
      for source in 0..<(isCausal ? row + 1 : length) {
        let weight = mixing[row * length + source]
        for column in 0..<width { mixed[row][column] += weight * normalized[source][column] }
      }
    }
    for row in 0..<length {
      let patch = layerNorm(mixed[row], tensor("patch_layernorm.weight"), tensor("patch_layernorm.bias"))
      var inner = linear(patch, tensor("patch_ff.0.weight"), outputs: 4 * width, tensor("patch_ff.0.bias"))
      for index in inner.indices { inner[index] = gelu(inner[index]) }
      let change = linear(inner, tensor("patch_ff.2.weight"), outputs: width, tensor("patch_ff.2.bias"))
      for column in 0..<width { mixed[row][column] += change[column] }
    }
    x = mixed
  }

  /// A masked mixer over the whole window: the text's tokens at its end, pads before them. Returns all L hidden states.
  public static func hiddenStates<Scalar: TensorScalar>(
    _ configuration: MaskedMixerConfiguration, _ parameters: ParameterBuffer<Scalar>, tokens: [Int32]
  ) -> [[Scalar]] {
    let length = configuration.contextLength
    let padded = [Int32](repeating: configuration.padTokenID, count: length - tokens.count) + tokens
    let width = configuration.hiddenSize
    var x = padded.map { token in
      Array(UnsafeBufferPointer(start: parameters.pointer("wte.weight") + Int(token) * width, count: width))
    }
    let isReal = configuration.padding == .none ? (0..<length).map { $0 >= length - tokens.count } : nil
    for index in 0..<configuration.blockCount {
      block(&x, isCausal: true, isReal: isReal) { UnsafePointer(parameters.pointer("mixerblocks.\(index).\($0)")) }
    }
    return x
  }

  /// A retrieval mixer over C input rows. Returns C − 1 scores.
  public static func scores<Scalar: TensorScalar>(
    _ configuration: RetrievalMixerConfiguration, _ parameters: ParameterBuffer<Scalar>, rows: [[Scalar]]
  ) -> [Scalar] {
    var x = rows
    for index in 0..<configuration.blockCount {
      block(&x, isCausal: false) { UnsafePointer(parameters.pointer("mixerblocks.\(index).\($0)")) }
    }
    return x.dropFirst().map {
      linear($0, parameters.pointer("retrieval_head.weight"), outputs: 1, parameters.pointer("retrieval_head.bias"))[0]
    }
  }

  static func layerNorm<Scalar: TensorScalar>(
    _ row: [Scalar], _ weight: UnsafePointer<Scalar>, _ bias: UnsafePointer<Scalar>
  ) -> [Scalar] {
    let mean = row.reduce(0, +) / Scalar(row.count)
    let variance = row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Scalar(row.count)
    let scale = 1 / (variance + Scalar(LayerNorm.epsilon)).squareRoot()
    return row.indices.map { (row[$0] - mean) * scale * weight[$0] + bias[$0] }
  }

  static func linear<Scalar: TensorScalar>(
    _ input: [Scalar], _ weight: UnsafePointer<Scalar>, outputs: Int, _ bias: UnsafePointer<Scalar>
  ) -> [Scalar] {
    (0..<outputs).map { output in
      input.indices.reduce(bias[output]) { $0 + weight[output * input.count + $1] * input[$1] }
    }
  }

  static func gelu<Scalar: TensorScalar>(_ x: Scalar) -> Scalar {
    Scalar(Double(x) * 0.5 * (1 + ErrorFunction.value(Double(x) / 2.0.squareRoot())))
  }
}
