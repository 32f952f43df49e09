internal import CKernels

/// A learned matrix in the order in which its products in float32 are computed fastest, packed into memory of the
/// caller's, and again whenever the weight has changed (CKernels/product.h). For a weight that never changes, see
/// ``PackedWeights``.
public struct WeightPanels {
  public let inputs: Int
  public let outputs: Int
  private let base: UnsafePointer<Float>

  /// How many values the panels of a matrix take.
  public static func count(inputs: Int, outputs: Int) -> Int {
    let panel = Int(MK_PANEL)
    return inputs * ((outputs + panel - 1) / panel * panel)
  }

  /// How many floats of scratch memory a product of any size needs.
  public static let scratchCount = mk_product_scratch(1 << 20)

  /// Packs `weight` into `memory`, which has room for ``count(inputs:outputs:)`` values.
  ///
  /// - Parameter isTransposed: whether the weight lies as `inputs × outputs` instead of `outputs × inputs`.
  public init(
    packing weight: UnsafePointer<Float>, outputs: Int, inputs: Int, isTransposed: Bool = false,
    into memory: UnsafeMutablePointer<Float>
  ) {
    if isTransposed {
      mk_pack_panels_transposed(weight, memory, outputs, inputs)
    } else {
      mk_pack_panels(weight, memory, outputs, inputs)
    }
    self.init(packed: memory, outputs: outputs, inputs: inputs)
  }

  /// What was packed into `memory` before.
  public init(packed memory: UnsafePointer<Float>, outputs: Int, inputs: Int) {
    base = memory
    self.inputs = inputs
    self.outputs = outputs
  }

  /// `y ← x · Wᵀ`, or `y ← y + x · Wᵀ`. x: `rows × inputs`, y: `rows × outputs`.
  public func apply(
    _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, rows: Int, adds: Bool = false,
    scratch: UnsafeMutablePointer<Float>
  ) {
    mk_panel_product(x, base, nil, y, rows, inputs, outputs, Int32(adds ? MK_ADD : MK_STORE), scratch)
  }
}
