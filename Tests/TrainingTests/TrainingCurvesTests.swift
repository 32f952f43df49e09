import Foundation
import Testing

@testable import Training

@Suite struct TrainingCurvesTests {
  @Test func thePictureIsWideEnoughForItsLegends() throws {
    func width(_ name: String) throws -> Double {
      let record = try JSONDecoder().decode(
        MetricsRecord.self, from: Data("{\"step\": 1, \"loss\": 2, \"training\": {\"\(name)\": 0.5}}".utf8))
      let svg = TrainingCurves(kind: "embedder", records: [record]).svg
      let value = try #require(svg.firstMatch(of: /width="(\d+)"/)?.1)
      return try #require(Double(value))
    }
    #expect(try width("top-1") == 760)
    #expect(try width("distance to the teacher of another run") > 588 + 6.5 * 48)
  }
}
