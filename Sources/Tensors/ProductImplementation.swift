internal import CKernels

/// Who computes the products of a model, chosen once when it is loaded.
public enum ProductImplementation: Sendable, CaseIterable {
  /// The system's matrix library: runs everywhere.
  case openBLAS
  /// Our kernels for processors with AVX-512, on weights in panels (CKernels/product.h). A row's result does not
  /// depend on the rows computed with it, not even in rounding.
  case panels

  /// The fastest one that this processor has.
  public static var preferred: ProductImplementation { mk_product_is_fast() != 0 ? .panels : .openBLAS }

  public var isSupported: Bool {
    switch self {
    case .openBLAS: true
    case .panels: mk_product_is_supported() != 0
    }
  }

  /// How many floats of scratch memory products of up to `rows` rows need, under any implementation.
  public static func scratchCount(rows: Int) -> Int { mk_product_scratch(rows) }
}
