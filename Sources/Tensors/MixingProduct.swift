internal import CKernels

/// Token mixing: the product of learned weights over positions with the positions' states.
public enum MixingProduct {
  /// `x ← x + W · y + bias[:, None]`. W: `rows × positions` with `stride` between its rows; x: `rows × width`;
  /// y: `positions × width`; bias: one a row.
  ///
  /// - Parameters:
  ///   - isCausal: W is square and zero above its diagonal; most of the products with these zeros are left out.
  ///   - scratch: at least `ProductImplementation.scratchCount(rows:depth:)` floats, with `positions` as the depth.
  public static func apply(
    weight: UnsafePointer<Float>, stride: Int, bias: UnsafePointer<Float>?, _ y: UnsafePointer<Float>,
    addingTo x: UnsafeMutablePointer<Float>, rows: Int, positions: Int, width: Int, isCausal: Bool,
    implementation: ProductImplementation, scratch: UnsafeMutablePointer<Float>
  ) {
    precondition(!isCausal || rows == positions, "causal mixing weights are square")
    switch implementation.forMixing {
    case .openBLAS:
      if let bias { Elementwise.addRowBias(bias, to: x, rows: rows, width: width) }
      if isCausal {
        LinearProduct.mixCausally(weight: weight, stride: stride, y, addingTo: x, positions: rows, width: width)
      } else {
        LinearProduct.mix(
          weight: weight, stride: stride, y, addingTo: x, rows: rows, positions: positions, width: width)
      }
    case .panels:
      mk_mix(weight, stride, bias, y, x, rows, positions, width, isCausal ? 1 : 0, scratch)
    case .bfloat16Panels, .oneDNNFloat32, .oneDNNBFloat16:  // the last two never mix
      mk_bfloat16_mix(
        mk_factor(weight, stride: stride), bias, y, x, rows, positions, width, isCausal ? 1 : 0, scratch)
    }
  }
}
