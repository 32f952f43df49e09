import Tensors
import Testing

@Suite struct PrecisionTests {
  @Test func automaticTakesWhatTheProcessorHas() {
    #expect(Precision.automatic.isSupported)
    #expect([Precision.float32, .bfloat16].contains(Precision.automatic.resolved))
    if !Precision.bfloat16.isSupported { #expect(Precision.automatic.resolved == .float32) }
    #expect(Precision.float32.isSupported)
  }

  @Test func namedPrecisionsAreWhatTheySay() {
    for precision in [Precision.float32, .bfloat16] {
      #expect(precision.resolved == precision)
      #expect(ProductImplementation.preferred(for: precision).precision == precision)
      #expect(precision.explanation.hasPrefix(precision.rawValue))
    }
    #expect(Precision(rawValue: "auto") == .automatic)
    #expect(Precision(rawValue: "float16") == nil)
  }
}
