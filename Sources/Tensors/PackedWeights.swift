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
  private let precision: Precision
  private let packed: Packed

  private enum Packed: Sendable {
    /// Wᵀ, `inputs × outputs`, which OpenBLAS reads as it lies; W as PyTorch stores it would be copied with strides at
    /// each product.
    case transposed(AlignedBuffer<Float>)
    /// See CKernels/product.h.
    case panels(AlignedBuffer<Float>)
    /// See CKernels/bfloat16.h.
    case bfloat16Panels(AlignedBuffer<UInt16>)
    case oneDNN(OneDNNWeights)
  }

  /// Packs `weight`, `outputs × inputs` as PyTorch stores it, which is not needed afterwards.
  public init(
    _ weight: UnsafePointer<Float>, outputs: Int, inputs: Int, for implementation: ProductImplementation = .preferred
  ) {
    precondition(implementation.isSupported, "the processor lacks the instructions")
    self.inputs = inputs
    self.outputs = outputs
    precision = implementation.precision
    switch implementation {
    case .openBLAS:
      let buffer = AlignedBuffer<Float>(count: inputs * outputs)
      cblas_somatcopy(
        CblasRowMajor, CblasTrans, Int32(outputs), Int32(inputs), 1, weight, Int32(inputs), buffer.base, Int32(outputs))
      packed = .transposed(buffer)
    case .panels:
      let panel = Int(MK_PANEL)
      let buffer = AlignedBuffer<Float>(count: inputs * ((outputs + panel - 1) / panel * panel))
      mk_pack_panels(weight, buffer.base, outputs, inputs)
      packed = .panels(buffer)
    case .bfloat16Panels:
      let buffer = AlignedBuffer<UInt16>(count: mk_bfloat16_panels(inputs, outputs))
      mk_bfloat16_pack(mk_factor(weight, stride: inputs, isTransposed: true), buffer.base, inputs, outputs)
      packed = .bfloat16Panels(buffer)
    case .oneDNNFloat32, .oneDNNBFloat16:
      packed = .oneDNN(
        OneDNNWeights(weight, outputs: outputs, inputs: inputs, precision: implementation.precision))
    }
  }

  /// `x · Wᵀ + bias`, then `finish`, into y. x: `rows × inputs`, y: `rows × outputs`, bias: `outputs`.
  ///
  /// - Parameter scratch: at least `ProductImplementation.scratchCount(rows:depth:)` floats.
  public func apply(
    _ x: UnsafePointer<Float>, bias: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, rows: Int,
    finish: Finish, scratch: UnsafeMutablePointer<Float>
  ) {
    switch packed {
    case .transposed(let weight):
      if finish == .add { Elementwise.addColumnBias(bias, to: y, rows: rows, width: outputs) }
      Float.multiply(
        x, transposeA: false, strideA: inputs, weight.base, transposeB: false, strideB: outputs, into: y,
        strideC: outputs, rows: rows, columns: outputs, depth: inputs, alpha: 1, beta: finish == .add ? 1 : 0)
      switch finish {
      case .store: Elementwise.addColumnBias(bias, to: y, rows: rows, width: outputs)
      case .gelu: GELU.forward(y, addingBias: bias, rows: rows, width: outputs)
      case .add: break
      }
    case .panels(let panels):
      mk_panel_product(x, panels.base, bias, y, rows, inputs, outputs, finish.mode, scratch)
    case .bfloat16Panels(let panels):
      mk_bfloat16_product(
        mk_factor(x, stride: inputs), panels.base, panelStride, bias, y, outputs, rows, inputs, outputs, finish.mode,
        scratch)
    case .oneDNN(let weights):
      weights.multiply(x, bias: bias, into: y, rows: rows, mode: finish.mode, scratch: scratch)
    }
  }

  /// `GELU(x · Wᵀ + bias)` as a product of the same implementation reads it: rounded to its precision, once, and in its
  /// order.
  ///
  /// - Parameter inner: `ProductImplementation.innerCount(rows:width:)` floats of memory, for
  ///   ``contract(_:bias:addingTo:rows:scratch:)``.
  public func expand(
    _ x: UnsafePointer<Float>, bias: UnsafePointer<Float>, into inner: UnsafeMutablePointer<Float>, rows: Int,
    scratch: UnsafeMutablePointer<Float>
  ) {
    switch packed {
    case .transposed, .panels: apply(x, bias: bias, into: inner, rows: rows, finish: .gelu, scratch: scratch)
    case .bfloat16Panels(let panels):
      let count = mk_bfloat16_inner(rows, outputs)
      UnsafeMutableRawPointer(inner).withMemoryRebound(to: UInt16.self, capacity: count) {
        mk_bfloat16_expand(mk_factor(x, stride: inputs), panels.base, bias, $0, rows, inputs, outputs, scratch)
      }
    case .oneDNN(let weights):
      weights.multiply(
        x, bias: bias, into: inner, rounding: precision == .bfloat16, rows: rows, mode: Finish.gelu.mode,
        scratch: scratch)
    }
  }

  /// `y ← y + inner · Wᵀ + bias`, where `inner` is what ``expand(_:bias:into:rows:scratch:)`` of weights for the same
  /// implementation has left there for as many rows.
  public func contract(
    _ inner: UnsafePointer<Float>, bias: UnsafePointer<Float>, addingTo y: UnsafeMutablePointer<Float>, rows: Int,
    scratch: UnsafeMutablePointer<Float>
  ) {
    switch packed {
    case .transposed, .panels: apply(inner, bias: bias, into: y, rows: rows, finish: .add, scratch: scratch)
    case .bfloat16Panels(let panels):
      let count = mk_bfloat16_inner(rows, inputs)
      UnsafeRawPointer(inner).withMemoryRebound(to: UInt16.self, capacity: count) {
        mk_bfloat16_contract($0, panels.base, bias, y, outputs, rows, inputs, outputs)
      }
    case .oneDNN(let weights):
      weights.multiply(
        inner, isRounded: precision == .bfloat16, bias: bias, into: y, rows: rows, mode: Finish.add.mode,
        scratch: scratch)
    }
  }

  private var panelStride: Int { Int(MK_PANEL) * (inputs + inputs % 2) }
}

extension PackedWeights.Finish {
  fileprivate var mode: Int32 {
    switch self {
    case .store: Int32(MK_STORE)
    case .add: Int32(MK_ADD)
    case .gelu: Int32(MK_GELU)
    }
  }
}

extension mk_factor {
  /// A factor of a product, `isRounded` meaning that it is in bfloat16 already.
  init(_ values: UnsafeRawPointer, stride: Int, isRounded: Bool = false, isTransposed: Bool = false) {
    self.init(
      values: values, stride: stride, is_bfloat16: isRounded ? 1 : 0, is_transposed: isTransposed ? 1 : 0)
  }
}
