import Testing

@testable import Operations

@Suite struct DiagnosisTests {
  @Test func lineHoldsEveryPart() {
    let diagnosis = Diagnosis(
      .badInput, "the shape is wrong", at: "model.safetensors", expected: "[2, 3]", found: "[3, 2]", hint: "retrain")
    #expect(diagnosis.line == "model.safetensors: the shape is wrong: expected [2, 3], found [3, 2] (retrain)")
  }

  @Test(arguments: [
    (String?.none, String?.none, "what"), ("a", nil, "what: expected a"), (nil, "b", "what: found b"),
    ("a", "b", "what: expected a, found b"),
  ])
  func lineLeavesAbsentPartsOut(expected: String?, found: String?, line: String) {
    #expect(Diagnosis(.failed, "what", expected: expected, found: found).line == line)
  }

  @Test func hostileTextStaysOnOneLine() {
    let hostile = "a\nERROR forged\r\n\t\u{1B}[31mred\u{0}\u{85}\u{7F}é😀"
    let line = Diagnosis(.badInput, "malformed", at: hostile, found: hostile, hint: hostile).line
    #expect(!line.unicodeScalars.contains { $0.properties.generalCategory == .control })
    #expect(line.contains("a\\nERROR forged\\r\\n\\t\\u{1b}[31mred\\u{0}\\u{85}\\u{7f}é😀"))
  }

  @Test func lineAndParagraphSeparatorsAreEscaped() {
    #expect("a\u{2028}b\u{2029}c".singleLine == "a\\u{2028}b\\u{2029}c")
  }

  @Test func directionOverridesAreEscaped() {
    #expect("a\u{202E}txt.exe\u{2066}".singleLine == "a\\u{202e}txt.exe\\u{2066}")
  }

  @Test func excerptCutsOnlyWhatIsLonger() {
    #expect("abc".excerpt(3) == "abc")
    #expect("abcd".excerpt(3) == "abc…")
    #expect("a\nb".excerpt(3) == "a\\nb")
    #expect("".excerpt() == "")
    #expect(String(repeating: "x", count: 1_000_000).excerpt().count == 61)
  }

  @Test func errorsDescribeThemselvesByTheirLine() {
    #expect("\(OperationError.interrupted)" == "interrupted")
    #expect(OperationError.interrupted.diagnosis.category == .interrupted)
  }
}
