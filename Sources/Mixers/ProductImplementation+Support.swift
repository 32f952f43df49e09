internal import Operations
internal import Tensors

extension ProductImplementation {
  /// - Throws: ``MixersError`` when this processor lacks the instructions.
  func requireSupport() throws {
    guard !isSupported else { return }
    throw MixersError(
      .environment, "this processor cannot compute in \(precision.rawValue)", expected: explanation,
      hint: "take the precision float32 or auto")
  }
}
