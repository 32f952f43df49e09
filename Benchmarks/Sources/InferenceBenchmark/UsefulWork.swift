internal import Mixers

/// The floating-point operations that exact results need at least: two for each product in a matrix multiplication
/// that cannot be left out. Element-wise work is not counted; whoever spends time on it shows a lower share of the peak.
enum UsefulWork {
  /// One text of `tokens` tokens (the end of text counted) with padding `none`: its last token is never computed, the
  /// mixing is triangular, and the last block is needed for one row only.
  static func embedding(tokens: Int, _ configuration: MaskedMixerConfiguration) -> Double {
    let (rows, width) = (Double(tokens - 1), Double(configuration.hiddenSize))
    let block = 2 * width * rows * (rows + 1) / 2 + rows * feedForward(width)
    let last = 2 * width * rows + feedForward(width)
    return Double(configuration.blockCount - 1) * block + last
  }

  /// One context. The last block is needed for the candidates only, and its second feed-forward product only as one
  /// number a candidate, since the head is linear.
  static func scoring(_ configuration: RetrievalMixerConfiguration) -> Double {
    let (rows, width) = (Double(configuration.contextWidth), Double(configuration.hiddenSize))
    let block = 2 * width * rows * rows + rows * feedForward(width)
    let candidates = rows - 1
    let last = 2 * width * rows * candidates + candidates * (8 * width * width + 2 * 5 * width)
    return Double(configuration.blockCount - 1) * block + last
  }

  /// FF1 and FF2 of one row: D × 4D and 4D × D.
  private static func feedForward(_ width: Double) -> Double { 16 * width * width }
}
