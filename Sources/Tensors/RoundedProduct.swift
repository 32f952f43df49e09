internal import CKernels

/// A bfloat16, the upper half of a float32, as its bits.
public typealias BFloat16 = UInt16

/// A factor of a product in bfloat16, as it lies in memory. float32 values are rounded where they are used.
public struct RoundedFactor {
  fileprivate var factor: mk_factor

  /// - Parameter stride: the distance between rows, in values.
  public init(_ values: UnsafePointer<Float>, stride: Int) {
    factor = mk_factor(values: values, stride: stride, is_bfloat16: 0, is_transposed: 0)
  }

  public init(_ values: UnsafePointer<BFloat16>, stride: Int) {
    factor = mk_factor(values: values, stride: stride, is_bfloat16: 1, is_transposed: 0)
  }

  public init(_ values: UnsafeMutablePointer<Float>, stride: Int) {
    self.init(UnsafePointer(values), stride: stride)
  }

  public init(_ values: UnsafeMutablePointer<BFloat16>, stride: Int) {
    self.init(UnsafePointer(values), stride: stride)
  }

  /// The transpose of what is stored.
  public var transposed: RoundedFactor {
    var other = self
    other.factor.is_transposed = 1 - factor.is_transposed
    return other
  }
}

/// A matrix, `depth × columns`, rounded to bfloat16 in the order in which it is a product's second factor
/// (CKernels/bfloat16.h).
public struct RoundedPanels {
  public let depth: Int
  public let columns: Int
  fileprivate let base: UnsafePointer<BFloat16>
  fileprivate let stride: Int

  /// How many values the panels of a matrix take.
  public static func count(depth: Int, columns: Int) -> Int { mk_bfloat16_panels(depth, columns) }

  /// Packs `matrix` into `memory`, which has room for ``count(depth:columns:)`` values.
  public init(
    packing matrix: RoundedFactor, depth: Int, columns: Int, into memory: UnsafeMutablePointer<BFloat16>
  ) {
    mk_bfloat16_pack(matrix.factor, memory, depth, columns)
    self.init(packed: memory, depth: depth, columns: columns)
  }

  /// What was packed into `memory` before.
  public init(packed memory: UnsafePointer<BFloat16>, depth: Int, columns: Int) {
    self.init(depth: depth, columns: columns, base: memory, stride: Int(MK_PANEL) * ((depth + 1) & ~1))
  }

  private init(depth: Int, columns: Int, base: UnsafePointer<BFloat16>, stride: Int) {
    self.depth = depth
    self.columns = columns
    self.base = base
    self.stride = stride
  }

  /// Without the first `count` rows, an even number.
  public func dropFirst(_ count: Int) -> RoundedPanels {
    precondition(count % 2 == 0 && count <= depth)
    return RoundedPanels(
      depth: depth - count, columns: columns, base: base + Int(MK_PANEL) * count, stride: stride)
  }

  /// The first `count` columns.
  public func prefix(columns count: Int) -> RoundedPanels {
    precondition(count <= columns)
    return RoundedPanels(depth: depth, columns: count, base: base, stride: stride)
  }
}

/// Products in bfloat16: factors are rounded, sums are float32. For processors that multiply it,
/// see ``Precision/isSupported``. Each runs on the calling thread.
public enum RoundedProduct {
  /// The memory of one worker's products.
  public final class Scratch: Sendable {
    /// For the panels of a factor that is no weight.
    public let panels: AlignedBuffer<BFloat16>
    fileprivate let tiles: AlignedBuffer<UInt8>

    /// - Parameters:
    ///   - panelCount: values of the largest matrix that is packed here, see ``RoundedPanels/count(depth:columns:)``.
    ///   - depth: the longest inner dimension.
    public init(panelCount: Int, depth: Int) {
      panels = AlignedBuffer(count: panelCount)
      // As many rows as the products take at a time.
      tiles = AlignedBuffer(count: mk_bfloat16_scratch(1 << 20, depth))
    }

    /// Packs a matrix into ``panels``, in place of what was there.
    public func pack(_ matrix: RoundedFactor, depth: Int, columns: Int) -> RoundedPanels {
      precondition(RoundedPanels.count(depth: depth, columns: columns) <= panels.count, "no room for the panels")
      return RoundedPanels(packing: matrix, depth: depth, columns: columns, into: panels.base)
    }
  }

  /// `y ← a · b + bias`, or `y ← y + a · b + bias`. a: `rows × b.depth`; y: `rows × b.columns` with `stride` from row
  /// to row; bias: one a column.
  public static func apply(
    _ a: RoundedFactor, _ b: RoundedPanels, bias: UnsafePointer<Float>? = nil, into y: UnsafeMutablePointer<Float>,
    stride: Int, rows: Int, adds: Bool = false, scratch: Scratch
  ) {
    mk_bfloat16_product(
      a.factor, b.base, b.stride, bias, y, stride, rows, b.depth, b.columns, Int32(adds ? MK_ADD : MK_STORE),
      scratch.tiles.base)
  }

  /// The same with its result rounded, for the next product.
  public static func apply(
    _ a: RoundedFactor, _ b: RoundedPanels, bias: UnsafePointer<Float>? = nil, into y: UnsafeMutablePointer<BFloat16>,
    stride: Int, rows: Int, scratch: Scratch
  ) {
    mk_bfloat16_product_rounded(
      a.factor, b.base, b.stride, bias, y, stride, rows, b.depth, b.columns, Int32(MK_STORE), scratch.tiles.base)
  }

  /// `x ← x + W · y`, token mixing. W: `rows × positions` with `stride` between its rows; `isCausal`: it is square and
  /// zero above its diagonal. x: `rows × width`, y: `positions × width`.
  public static func mix(
    weight: UnsafePointer<Float>, stride: Int, _ y: UnsafePointer<Float>, addingTo x: UnsafeMutablePointer<Float>,
    rows: Int, positions: Int, width: Int, isCausal: Bool, scratch: Scratch
  ) {
    mk_bfloat16_mix(
      RoundedFactor(weight, stride: stride).factor, nil, y, x, rows, positions, width, isCausal ? 1 : 0,
      scratch.tiles.base)
  }
}
