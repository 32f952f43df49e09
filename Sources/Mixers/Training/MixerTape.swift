public import Tensors

/// What the forward pass keeps for the backward pass: for each row and block its input, the states between the two
/// halves, the feed-forward before GELU, and the two layer norms' mean and reciprocal deviation.
///
/// About `6 D` values a row and block, or `4 D` where products are computed in bfloat16. Nothing is kept that costs little to compute again (the normalised states,
/// GELU itself).
public final class MixerTape<Scalar: GradientScalar>: Sendable {
  public let rowCapacity: Int
  /// Of the products; in bfloat16 the feed-forward's inner activations are kept in that.
  public let precision: Precision
  private let width: Int
  private let blockCount: Int
  private let storage: AlignedBuffer<Scalar>
  private let rounded: AlignedBuffer<BFloat16>

  /// - Parameter rowCapacity: the most rows of a pass.
  public init(width: Int, blockCount: Int, rowCapacity: Int, precision: Precision = .float32) {
    self.width = width
    self.blockCount = blockCount
    self.rowCapacity = rowCapacity
    self.precision = precision.resolved
    storage = AlignedBuffer(count: rowCapacity * (blockCount * Self.valuesPerRow(width, self.precision) + width))
    rounded = AlignedBuffer(count: self.precision == .bfloat16 ? rowCapacity * blockCount * 4 * width : 0)
  }

  private static func valuesPerRow(_ width: Int, _ precision: Precision) -> Int {
    (precision == .bfloat16 ? 2 : 6) * width + 4
  }

  /// The memory of a tape, in bytes.
  public static func byteCount(width: Int, blockCount: Int, rowCapacity: Int, precision: Precision = .float32) -> Int {
    let precision = precision.resolved
    let roundedBytes = precision == .bfloat16 ? blockCount * 4 * width * MemoryLayout<BFloat16>.stride : 0
    let values = blockCount * valuesPerRow(width, precision) + width
    return rowCapacity * (values * MemoryLayout<Scalar>.stride + roundedBytes)
  }

  private func block(_ index: Int) -> UnsafeMutablePointer<Scalar> {
    storage.base + index * rowCapacity * Self.valuesPerRow(width, precision)
  }

  /// The input of block `index`; with `index` the number of blocks, the states after the last.
  func states(_ index: Int) -> UnsafeMutablePointer<Scalar> { block(index) }
  /// The states after the token mixing of block `index`.
  func middle(_ index: Int) -> UnsafeMutablePointer<Scalar> { block(index) + rowCapacity * width }
  /// The mean and reciprocal deviation of each row in the first (0) or second (1) layer norm.
  func statistics(_ index: Int, norm: Int) -> (mean: UnsafeMutablePointer<Scalar>, rstd: UnsafeMutablePointer<Scalar>) {
    let start = block(index) + rowCapacity * (2 * width + 2 * norm)
    return (start, start + rowCapacity)
  }
  /// `FF1(patch_layernorm(middle))` with its bias, rows × 4D.
  func expanded(_ index: Int) -> UnsafeMutablePointer<Scalar> { block(index) + rowCapacity * (2 * width + 4) }
  /// The same where it is kept in bfloat16.
  func roundedExpanded(_ index: Int) -> UnsafeMutablePointer<BFloat16> {
    rounded.base + index * rowCapacity * 4 * width
  }
}

/// The memory that a pass needs only while it runs.
public final class MixerScratch<Scalar: GradientScalar>: Sendable {
  /// How many rows go through the feed-forward's inner width at a time, in both directions.
  public static var chunkRows: Int { 256 }

  public let rowCapacity: Int
  let normalized: AlignedBuffer<Scalar>
  /// The gradient of the states, which the backward pass carries from block to block.
  let gradient: AlignedBuffer<Scalar>
  let normalizedGradient: AlignedBuffer<Scalar>
  let inner: AlignedBuffer<Scalar>
  let innerGradient: AlignedBuffer<Scalar>
  /// For products with ``StepWeights`` in panels.
  let products: AlignedBuffer<Float>
  /// Where products are computed in bfloat16: takes the place of the three before.
  let rounded: RoundedMixerScratch?

  public init(width: Int, rowCapacity: Int, precision: Precision = .float32) {
    let chunkRows = min(rowCapacity, Self.chunkRows)
    let isRounded = precision.resolved == .bfloat16
    self.rowCapacity = rowCapacity
    normalized = AlignedBuffer(count: rowCapacity * width)
    gradient = AlignedBuffer(count: rowCapacity * width)
    normalizedGradient = AlignedBuffer(count: rowCapacity * width)
    inner = AlignedBuffer(count: isRounded ? 0 : chunkRows * 4 * width)
    innerGradient = AlignedBuffer(count: isRounded ? 0 : chunkRows * 4 * width)
    products = AlignedBuffer(count: isRounded ? 0 : WeightPanels.scratchCount)
    rounded = isRounded ? RoundedMixerScratch(width: width, rowCapacity: rowCapacity, chunkRows: chunkRows) : nil
  }
}
