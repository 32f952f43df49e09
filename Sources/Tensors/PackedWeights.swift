internal import CKernels
internal import COpenBLAS

/// A learned matrix in the order in which its products are computed fastest, made once when a model is loaded.
///
/// This is where the library and the precision of a product are chosen: callers only name shapes.
public struct PackedWeights: Sendable {
  /// What happens to `x · Wᵀ + bias`.
  public enum Finish: Sendable {
    /// It is stored.
    case store
    /// It is added to what is there.
    case add
    /// Its GELU is stored.
    case gelu
  }

  public let inputs: Int
  public let outputs: Int
  private let implementation: ProductImplementation
  /// OpenBLAS: Wᵀ, `inputs × outputs`, which it reads as it lies; W as PyTorch stores it would be copied with strides
  /// at each product. Panels: see CKernels/product.h.
  private let packed: AlignedBuffer<Float>

  /// Packs `weight`, `outputs × inputs` as PyTorch stores it, which is not needed afterwards.
  public init(
    _ weight: UnsafePointer<Float>, outputs: Int, inputs: Int, for implementation: ProductImplementation = .preferred
  ) {
    precondition(implementation.isSupported, "the processor has no AVX-512")
    self.inputs = inputs
    self.outputs = outputs
    self.implementation = implementation
    switch implementation {
    case .openBLAS:
      packed = AlignedBuffer(count: inputs * outputs)
      cblas_somatcopy(
        CblasRowMajor, CblasTrans, Int32(outputs), Int32(inputs), 1, weight, Int32(inputs), packed.base, Int32(outputs))
    case .panels:
      let panel = Int(MK_PANEL)
      packed = AlignedBuffer(count: inputs * ((outputs + panel - 1) / panel * panel))
      mk_pack_panels(weight, packed.base, outputs, inputs)
    }
  }

  /// `x · Wᵀ + bias`, then `finish`, into y. x: `rows × inputs`, y: `rows × outputs`, bias: `outputs`.
  ///
  /// - Parameter scratch: at least `ProductImplementation.scratchCount(rows:)` floats.
  public func apply(
    _ x: UnsafePointer<Float>, bias: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, rows: Int,
    finish: Finish, scratch: UnsafeMutablePointer<Float>
  ) {
    switch implementation {
    case .openBLAS:
      if finish == .add { Elementwise.addColumnBias(bias, to: y, rows: rows, width: outputs) }
      Float.multiply(
        x, transposeA: false, strideA: inputs, packed.base, transposeB: false, strideB: outputs, into: y,
        strideC: outputs, rows: rows, columns: outputs, depth: inputs, alpha: 1, beta: finish == .add ? 1 : 0)
      switch finish {
      case .store: Elementwise.addColumnBias(bias, to: y, rows: rows, width: outputs)
      case .gelu: GELU.forward(y, addingBias: bias, rows: rows, width: outputs)
      case .add: break
      }
    case .panels:
      let mode =
        switch finish {
        case .store: MK_STORE
        case .add: MK_ADD
        case .gelu: MK_GELU
        }
      mk_panel_product(x, packed.base, bias, y, rows, inputs, outputs, Int32(mode), scratch)
    }
  }
}
