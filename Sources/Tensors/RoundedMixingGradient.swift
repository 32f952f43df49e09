/// The backward passes of token mixing with products in bfloat16, as those of ``LinearProduct``.
extension RoundedProduct {
  /// Positions in a block of the causal products.
  private static var causalBlock: Int { 64 }

  /// The panels' memory for up to `positions` rows of `width`.
  public static func mixingPanelCount(positions: Int, width: Int) -> Int {
    max(
      RoundedPanels.count(depth: positions, columns: width), RoundedPanels.count(depth: width, columns: positions))
  }

  /// For `x + W · y`: `dW += dx · yᵀ`, dx and y being `positions × width`. Where `isCausal`, what belongs to the weights
  /// above the diagonal is mostly left out; the caller clears the rest.
  public static func addMixingGradient(
    _ dx: UnsafePointer<Float>, _ y: UnsafePointer<Float>, to dW: UnsafeMutablePointer<Float>, stride: Int,
    positions: Int, width: Int, isCausal: Bool, scratch: Scratch
  ) {
    let panels = scratch.pack(RoundedFactor(y, stride: width).transposed, depth: width, columns: positions)
    let block = isCausal ? causalBlock : positions
    for start in Swift.stride(from: 0, to: positions, by: block) {
      let end = min(start + block, positions)
      apply(
        RoundedFactor(dx + start * width, stride: width), panels.prefix(columns: end), into: dW + start * stride,
        stride: stride, rows: end - start, adds: true, scratch: scratch)
    }
  }

  /// For `x + W · y`: `dy ← Wᵀ · dx`, dx and dy being `positions × width`. `isCausal`: W is zero above its diagonal.
  public static func mixingInputGradient(
    _ dx: UnsafePointer<Float>, weight: UnsafePointer<Float>, stride: Int, into dy: UnsafeMutablePointer<Float>,
    positions: Int, width: Int, isCausal: Bool, scratch: Scratch
  ) {
    let panels = scratch.pack(RoundedFactor(dx, stride: width), depth: positions, columns: width)
    let block = isCausal ? causalBlock : positions
    for start in Swift.stride(from: 0, to: positions, by: block) {
      let end = min(start + block, positions)
      apply(
        RoundedFactor(weight + start * stride + start, stride: stride).transposed, panels.dropFirst(start),
        into: dy + start * width, stride: width, rows: end - start, scratch: scratch)
    }
  }
}
