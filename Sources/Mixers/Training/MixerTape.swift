public import Tensors

/// What the forward pass keeps for the backward pass: for each row and block its input, the states between the two
/// halves, the feed-forward before GELU, and the two layer norms' mean and reciprocal deviation.
///
/// About `6 D` values a row and block. Nothing is kept that costs little to compute again (the normalised states,
/// GELU itself).
public final class MixerTape<Scalar: GradientScalar>: Sendable {
  public let rowCapacity: Int
  private let width: Int
  private let blockCount: Int
  private let storage: AlignedBuffer<Scalar>

  /// - Parameter rowCapacity: the most rows of a pass.
  public init(width: Int, blockCount: Int, rowCapacity: Int) {
    self.width = width
    self.blockCount = blockCount
    self.rowCapacity = rowCapacity
    storage = AlignedBuffer(count: rowCapacity * (blockCount * Self.valuesPerRow(width) + width))
  }

  private static func valuesPerRow(_ width: Int) -> Int { 6 * width + 4 }

  /// The memory of a tape, in bytes.
  public static func byteCount(width: Int, blockCount: Int, rowCapacity: Int) -> Int {
    rowCapacity * (blockCount * valuesPerRow(width) + width) * MemoryLayout<Scalar>.stride
  }

  private func block(_ index: Int) -> UnsafeMutablePointer<Scalar> {
    storage.base + index * rowCapacity * Self.valuesPerRow(width)
  }

  /// The input of block `index`; with `index` the number of blocks, the states after the last.
  func states(_ index: Int) -> UnsafeMutablePointer<Scalar> { block(index) }
  /// The states after the token mixing of block `index`.
  func middle(_ index: Int) -> UnsafeMutablePointer<Scalar> { block(index) + rowCapacity * width }
  /// `FF1(patch_layernorm(middle))` with its bias, rows × 4D.
  func expanded(_ index: Int) -> UnsafeMutablePointer<Scalar> { block(index) + rowCapacity * 2 * width }
  /// The mean and reciprocal deviation of each row in the first (0) or second (1) layer norm.
  func statistics(_ index: Int, norm: Int) -> (mean: UnsafeMutablePointer<Scalar>, rstd: UnsafeMutablePointer<Scalar>) {
    let start = block(index) + rowCapacity * (6 * width + 2 * norm)
    return (start, start + rowCapacity)
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

  public init(width: Int, rowCapacity: Int) {
    self.rowCapacity = rowCapacity
    normalized = AlignedBuffer(count: rowCapacity * width)
    gradient = AlignedBuffer(count: rowCapacity * width)
    normalizedGradient = AlignedBuffer(count: rowCapacity * width)
    inner = AlignedBuffer(count: min(rowCapacity, Self.chunkRows) * 4 * width)
    innerGradient = AlignedBuffer(count: min(rowCapacity, Self.chunkRows) * 4 * width)
  }
}
