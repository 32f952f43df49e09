internal import CKernels

/// A learned matrix as oneDNN keeps it.
///
/// `@unchecked Sendable`: the C object locks what it changes (its compiled products), and its weights are only read.
final class OneDNNWeights: @unchecked Sendable {
  private let weights: OpaquePointer

  init(_ weight: UnsafePointer<Float>, outputs: Int, inputs: Int, precision: Precision) {
    guard let weights = mk_onednn_pack(weight, outputs, inputs, precision == .bfloat16 ? 1 : 0) else {
      // Availability was checked before; what is left is a lack of memory, which ends the process elsewhere, too.
      preconditionFailure("oneDNN cannot take \(outputs) × \(inputs) weights")
    }
    self.weights = weights
  }

  deinit { mk_onednn_free(weights) }

  /// See CKernels/onednn.h; `isRounded` means bfloat16.
  func multiply(
    _ x: UnsafePointer<Float>, isRounded: Bool = false, bias: UnsafePointer<Float>,
    into y: UnsafeMutablePointer<Float>, rounding: Bool = false, rows: Int, mode: Int32,
    scratch: UnsafeMutablePointer<Float>
  ) {
    let status = mk_onednn_product(weights, x, isRounded ? 1 : 0, bias, y, rounding ? 1 : 0, rows, mode, scratch)
    precondition(status == 0, "oneDNN reports error \(status)")
  }
}
