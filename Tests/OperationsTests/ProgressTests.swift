import Testing

@testable import Operations

@Suite struct ProgressTests {
  @Test func knownTotalShowsShareRateAndTimeLeft() {
    let line = ProgressLine.render(
      label: "embedding", unit: "stories", done: 1_234, total: 9_825, note: "2 cut", elapsed: 2)
    #expect(line == "embedding  [███░░░░░░░░░░░░░░░░░░░░░]  1,234/9,825 stories  12 %  617/s  0:14 left  2 cut")
  }

  @Test func unknownTotalShowsCountAndRate() {
    #expect(
      ProgressLine.render(label: "reading", unit: "lines", done: 30, total: nil, note: "", elapsed: 4)
        == "reading  30 lines  7.5/s")
  }

  @Test func nothingDoneDividesByNothing() {
    #expect(
      ProgressLine.render(label: "x", unit: "y", done: 0, total: 0, note: "", elapsed: 0) == "x  0 y")
    #expect(
      ProgressLine.render(label: "x", unit: "y", done: 0, total: 5, note: "", elapsed: 0).hasSuffix("0/5 y  0 %"))
  }

  @Test func moreThanTheTotalStaysWithinTheBar() {
    let line = ProgressLine.render(label: "x", unit: "y", done: 12, total: 10, note: "", elapsed: 1)
    #expect(line.contains("100 %") && !line.contains("left"))
  }

  @Test(arguments: [(0.0, "0:00"), (0.2, "0:01"), (61, "1:01"), (3_599.5, "1:00:00"), (36_061, "10:01:01")])
  func durationsReadAsClocks(seconds: Double, text: String) {
    #expect(ProgressLine.duration(seconds) == text)
  }

  @Test func absurdDurationsAreDashes() {
    #expect(ProgressLine.duration(.infinity) == "—")
    #expect(ProgressLine.duration(.nan) == "—")
    #expect(ProgressLine.duration(1e300) == "—")
  }

  @Test(arguments: [
    (0, "0"), (999, "999"), (1_000, "1,000"), (-1_234_567, "-1,234,567"), (Int.min, "-9,223,372,036,854,775,808"),
  ])
  func groupsDigits(number: Int, text: String) {
    #expect(number.grouped == text)
  }

  @Test func cancellationThrowsOnlyAfterTheRequest() throws {
    let cancellation = Cancellation()
    try cancellation.check()
    cancellation.request()
    #expect(cancellation.isRequested)
    #expect(throws: OperationError.self) { try cancellation.check() }
  }
}
