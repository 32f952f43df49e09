public import ArgumentParser
import Foundation
import Operations
public import Tensors

extension Precision: ExpressibleByArgument {}

/// What models compute their products in.
struct PrecisionOption: ParsableArguments {
  @Option(
    help: """
      What products are computed in: float32, bfloat16, or auto: bfloat16 where the processor multiplies it natively. \
      Sums, norms and results are float32 in any case. (default: MIXER_PRECISION or auto)
      """)
  var precision: Precision?

  func validate() throws { _ = try chosen }

  /// The option or the environment's; nil where neither says.
  var chosen: Precision? {
    get throws {
      if let precision { return precision }
      guard let name = ProcessInfo.processInfo.environment["MIXER_PRECISION"], !name.isEmpty else { return nil }
      guard let precision = Precision(rawValue: name) else {
        throw ValidationError("MIXER_PRECISION: expected float32, bfloat16 or auto, found \(name.excerpt(40))")
      }
      return precision
    }
  }

  var value: Precision { get throws { try chosen ?? .automatic } }
}
