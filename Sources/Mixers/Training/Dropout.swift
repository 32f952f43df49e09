internal import Tensors

/// Dropout at three places of a mixer: the input rows, the normalised rows that are mixed, and the feed-forward's
/// inner activations.
///
/// The masks depend on `seed` alone, so that the backward pass, or a second forward pass, meets the same ones.
public struct Dropout: Sendable, Equatable {
  /// Of a value becoming 0, in `0..<1`.
  public let probability: Double
  public let seed: UInt64

  public init(probability: Double, seed: UInt64) {
    self.probability = probability
    self.seed = seed
  }

  enum Place: UInt64 { case input, mixing, inner }

  /// The mask for a place of a block; `part` tells apart pieces that are computed one after another.
  func mask(_ place: Place, block: Int = 0, part: Int = 0) -> DropoutMask {
    var z = seed &+ (UInt64(block) << 34 | UInt64(part) << 2 | place.rawValue) &* 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return DropoutMask(key: UInt32(truncatingIfNeeded: z ^ (z >> 31)), probability: probability)
  }
}
