internal import Mixers
internal import Tensors

/// A retrieval mixer that starts as the cosine of its inputs, so that training begins where the embeddings leave off
/// instead of at chance.
///
/// A mixer has no product of two rows, but its layer norms know lengths, and `|c + q|² = |c|² + |q|² + 2 c·q`:
///
/// 1. Block 0 brings every row to one length R, by adding its normalised self, many times as long, and gives it a part
///    of known length K along a fixed direction s.
/// 2. Block 1 adds the (normalised) query row to every candidate row. The layer norm behind it leaves of the part along
///    s a share that falls as `|c + q|` grows; the feed-forward writes minus that share along s, times a gain.
/// 3. The head reads s.
///
/// Linear maps are made of pairs of hidden units in the straight part of the GELU, `GELU(B + u) − GELU(B − u) ≈ 2u`.
/// What is not needed for this starts as usual, but writes nothing along s. Two of the D directions are not seen, the mean
/// and s, and rows that had a part along s are that much shorter: little, and the less the wider the embeddings.
enum SimilarityInitialization {
  /// How long rows are on average: long enough that the layer norm's ε does not matter.
  private static let inputLength: Float = 1
  /// How often block 0 adds the normalised row, √D long: so often that how long the row was does not matter.
  private static let growth: Float = 8

  /// Brings rows to that length without turning them, as subtracting their mean would: the cosine is the embeddings' own.
  static func inputScaling(_ values: AlignedBuffer<Float>, width: Int) -> RetrievalInputs.Standardization {
    let rows = max(1, values.count / width)
    let lengths = (0..<rows).reduce(0) { $0 + Float.sumOfSquares(values.base + $1 * width, count: width).squareRoot() }
    let scale = max(Float(lengths / Double(rows)) / inputLength, 1e-12)
    return RetrievalInputs.Standardization(
      mean: [Float](repeating: 0, count: width), scale: [Float](repeating: scale, count: width))
  }

  /// K : R.
  private static let markShare: Float = 0.5
  /// What one unit of cosine counts in the softmax, as in a contrastive loss with a temperature of 1/20.
  private static let sharpness: Float = 20
  /// The slope of the share along s by the cosine, per √D, at a cosine of ½ and K : R = ½.
  private static let slope: Float = 0.125
  private static let unusedShare: Float = 0.1

  /// Overwrites what matters in parameters that were drawn at random.
  ///
  /// - Precondition: two blocks or more; an even width, so that s can have mean 0.
  static func apply(_ parameters: ParameterBuffer<Float>, _ configuration: RetrievalMixerConfiguration) {
    precondition(configuration.blockCount >= 2 && configuration.hiddenSize % 2 == 0)
    let (width, inner) = (configuration.hiddenSize, 4 * configuration.hiddenSize)
    let norm = Float(width).squareRoot()
    let length = inputLength + growth * norm
    let mark = markShare * length
    // Layer norms take the mean away: s has none.
    let direction = (0..<width).map { ($0 % 2 == 0 ? 1 : -1) / norm }

    for block in 0..<configuration.blockCount {
      let prefix = "mixerblocks.\(block)."
      parameters.pointer(prefix + "conv.weight").update(
        repeating: 0, count: configuration.contextWidth * configuration.contextWidth)
      parameters.pointer(prefix + "conv.bias").update(repeating: 0, count: configuration.contextWidth)
      silence(parameters.pointer(prefix + "patch_ff.2.weight"), columns: inner, along: direction)
      silence(parameters.pointer(prefix + "patch_ff.2.bias"), columns: 1, along: direction)
    }

    // Block 0: c + g (z − (z·s) s) + K s, where z is the normalised row, of length √D, and g the growth.
    let first = FeedForwardWeights(parameters, block: 0, width: width)
    for column in 0..<width {
      var unit = [Float](repeating: 0, count: width)
      unit[column] = 1
      var output = direction.map { -growth * $0 * direction[column] }
      output[column] += growth
      first.setPair(column, reading: unit, gain: 0.5, offset: 5, writing: output)
    }
    for index in 0..<width { first.contractBias[index] += mark * direction[index] }

    // Block 1: the normalised query row is √D long and R : √(R² + K²) of it is the query; candidates get it R long.
    let weight = parameters.pointer("mixerblocks.1.conv.weight")
    for row in 1..<configuration.contextWidth {
      weight[row * configuration.contextWidth] = (length * length + mark * mark).squareRoot() / norm
    }
    let second = FeedForwardWeights(parameters, block: 1, width: width)
    let pairs = width / 2
    let gain = sharpness / (slope * norm)
    for pair in 0..<pairs {
      second.setPair(
        pair, reading: direction, gain: 0.3, offset: 0.3 * norm + 3,
        writing: direction.map { -$0 * gain / headScale / Float(pairs) })
    }

    let head = parameters.pointer("retrieval_head.weight")
    for index in 0..<width { head[index] = headScale * direction[index] }
    parameters.pointer("retrieval_head.bias").pointee = 0
  }

  private static let headScale: Float = 4

  /// Scales the columns of a matrix, its rows as many as s is wide, down and takes their part along s out.
  private static func silence(_ matrix: UnsafeMutablePointer<Float>, columns: Int, along direction: [Float]) {
    for column in 0..<columns {
      let part = direction.indices.reduce(0) { $0 + matrix[$1 * columns + column] * direction[$1] }
      for row in direction.indices {
        matrix[row * columns + column] = unusedShare * (matrix[row * columns + column] - part * direction[row])
      }
    }
  }
}

/// The two matrices of a block's feed-forward, seen as hidden units.
private struct FeedForwardWeights {
  let width: Int
  let expandWeight: UnsafeMutablePointer<Float>
  let expandBias: UnsafeMutablePointer<Float>
  let contractWeight: UnsafeMutablePointer<Float>
  let contractBias: UnsafeMutablePointer<Float>

  init(_ parameters: ParameterBuffer<Float>, block: Int, width: Int) {
    self.width = width
    let prefix = "mixerblocks.\(block).patch_ff."
    expandWeight = parameters.pointer(prefix + "0.weight")
    expandBias = parameters.pointer(prefix + "0.bias")
    contractWeight = parameters.pointer(prefix + "2.weight")
    contractBias = parameters.pointer(prefix + "2.bias")
  }

  /// Makes hidden units 2i and 2i + 1 add `(input · reading) · writing` to the output.
  ///
  /// - Parameters:
  ///   - gain: times the input, in the units.
  ///   - offset: B; the units are linear to 1 % while `gain · |input · reading|` is below B − 2.5.
  func setPair(_ pair: Int, reading: [Float], gain: Float, offset: Float, writing: [Float]) {
    for (unit, sign) in [(2 * pair, Float(1)), (2 * pair + 1, -1)] {
      expandBias[unit] = offset
      for column in 0..<width {
        expandWeight[unit * width + column] = sign * gain * reading[column]
        contractWeight[column * 4 * width + unit] = sign * writing[column] / (2 * gain)
      }
    }
  }
}
