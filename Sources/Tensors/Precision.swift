/// In what a model's products multiply. Sums, and everything between the products, are float32 in any case.
public enum Precision: String, Sendable, CaseIterable, Codable {
  case float32
  /// Factors are rounded to the upper half of a float32 (8 bits of mantissa): about twice as fast where the processor
  /// multiplies it.
  case bfloat16
  /// bfloat16 where this processor multiplies it natively, float32 elsewhere.
  case automatic = "auto"

  /// What it means on this processor: ``float32`` or ``bfloat16``.
  public var resolved: Precision {
    switch self {
    case .float32, .bfloat16: self
    case .automatic: ProductImplementation.bfloat16Panels.isFast ? .bfloat16 : .float32
    }
  }

  /// Whether this processor can compute in it.
  public var isSupported: Bool { ProductImplementation.preferred(for: self).isSupported }

  /// What it means on this processor and who computes it, as in `bfloat16 (panels, AVX512_BF16)`.
  public var explanation: String { "\(resolved.rawValue) (\(ProductImplementation.preferred(for: self).explanation))" }
}
