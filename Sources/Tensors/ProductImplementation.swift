internal import CKernels

/// Who computes the products of a model, chosen once when it is loaded.
public enum ProductImplementation: String, Sendable, CaseIterable {
  /// The system's matrix library: runs everywhere.
  case openBLAS
  /// Our kernels for processors with AVX-512, on weights in panels (CKernels/product.h). A row's result does not
  /// depend on the rows computed with it, not even in rounding.
  case panels
  /// The same for processors that multiply bfloat16 (CKernels/bfloat16.h).
  case bfloat16Panels
  /// oneDNN, where it is installed (CKernels/onednn.h); token mixing, whose shapes differ from text to text, is done by
  /// the others.
  case oneDNNFloat32
  /// The same in bfloat16.
  case oneDNNBFloat16

  /// The fastest one in float32 that this processor has.
  public static var preferred: ProductImplementation { panels.isFast ? .panels : .openBLAS }

  /// The fastest one in `precision`; see ``isSupported`` when it is not ``Precision/automatic``.
  public static func preferred(for precision: Precision) -> ProductImplementation {
    precision.resolved == .bfloat16 ? .bfloat16Panels : .preferred
  }

  public var isSupported: Bool {
    switch self {
    case .openBLAS: true
    case .panels: mk_product_is_supported() != 0
    case .bfloat16Panels: mk_bfloat16_is_supported() != 0
    case .oneDNNFloat32: mk_onednn_is_available(0) != 0
    case .oneDNNBFloat16: mk_onednn_is_available(1) != 0
    }
  }

  /// Whether it is supported and no build without optimisation, in which our own kernels are slow.
  var isFast: Bool {
    switch self {
    case .openBLAS: true
    case .panels: mk_product_is_fast() != 0
    case .bfloat16Panels: mk_bfloat16_is_fast() != 0
    case .oneDNNFloat32, .oneDNNBFloat16: isSupported
    }
  }

  /// What it multiplies in: ``Precision/float32`` or ``Precision/bfloat16``.
  public var precision: Precision {
    switch self {
    case .openBLAS, .panels, .oneDNNFloat32: .float32
    case .bfloat16Panels, .oneDNNBFloat16: .bfloat16
    }
  }

  /// Who it is and what it needs of the processor, for people.
  public var explanation: String {
    switch self {
    case .openBLAS: "OpenBLAS"
    case .panels: "panels, AVX-512"
    case .bfloat16Panels: "panels, AVX512_BF16"
    case .oneDNNFloat32, .oneDNNBFloat16: "oneDNN"
    }
  }

  /// Who mixes tokens.
  var forMixing: ProductImplementation {
    switch self {
    case .openBLAS, .panels, .bfloat16Panels: self
    case .oneDNNFloat32: .preferred
    case .oneDNNBFloat16: ProductImplementation.bfloat16Panels.isFast ? .bfloat16Panels : .preferred
    }
  }

  /// How many floats of memory the inner activations of a feed-forward take, `rows × width`, under any implementation.
  public static func innerCount(rows: Int, width: Int) -> Int {
    max(rows * width, (mk_bfloat16_inner(rows, width) + 1) / 2)
  }

  /// How many floats of scratch memory products of up to `rows` rows and an inner dimension of up to `depth` need, under
  /// any implementation.
  public static func scratchCount(rows: Int, depth: Int) -> Int {
    max(mk_product_scratch(rows), (mk_bfloat16_scratch(rows, depth) + 3) / 4)
  }
}
