import Operations

/// Draws histograms one below the other as a picture (SVG 1.1).
public enum HistogramSVG {
  private static let (width, plotHeight, margin) = (720, 220, 56)

  public static func draw(_ charts: [(title: String, axis: String, histogram: Histogram)]) -> String {
    let height = charts.count * (plotHeight + 2 * margin)
    var parts = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(width)\" height=\"\(height)\" "
        + "viewBox=\"0 0 \(width) \(height)\" font-family=\"sans-serif\" font-size=\"12\">",
      "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>",
    ]
    for (index, chart) in charts.enumerated() {
      parts += plot(chart.title, chart.axis, chart.histogram, top: index * (plotHeight + 2 * margin) + margin)
    }
    return (parts + ["</svg>"]).joined(separator: "\n") + "\n"
  }

  private static func plot(_ title: String, _ axis: String, _ histogram: Histogram, top: Int) -> [String] {
    let bottom = top + plotHeight
    let most = max(histogram.bins.map(\.count).max() ?? 1, 1)
    let step = Double(width - 2 * margin) / Double(max(histogram.bins.count, 1))
    var parts = [
      "<text x=\"\(width / 2)\" y=\"\(top - 20)\" text-anchor=\"middle\" font-size=\"15\">\(escaped(title))</text>",
      "<text x=\"\(width / 2)\" y=\"\(bottom + 40)\" text-anchor=\"middle\">\(escaped(axis))</text>",
      "<text x=\"\(margin - 6)\" y=\"\(top + 4)\" text-anchor=\"end\">\(most.grouped)</text>",
      "<text x=\"\(margin - 6)\" y=\"\(bottom)\" text-anchor=\"end\">0</text>",
    ]
    let labelEvery = max(1, histogram.bins.count / 12)
    for (index, bin) in histogram.bins.enumerated() {
      let left = Double(margin) + Double(index) * step
      let height = Double(bin.count) / Double(most) * Double(plotHeight)
      parts.append(
        "<rect x=\"\(short(left + 1))\" y=\"\(short(Double(bottom) - height))\" width=\"\(short(max(step - 2, 1)))\" "
          + "height=\"\(short(height))\" fill=\"#4477aa\"><title>\(bin.from)–\(bin.below - 1): \(bin.count)</title></rect>"
      )
      if index % labelEvery == 0 {
        parts.append("<text x=\"\(short(left))\" y=\"\(bottom + 18)\" text-anchor=\"middle\">\(bin.from)</text>")
      }
    }
    parts.append(
      "<line x1=\"\(margin)\" y1=\"\(bottom)\" x2=\"\(width - margin)\" y2=\"\(bottom)\" stroke=\"black\"/>")
    return parts
  }

  /// One decimal place, in every locale.
  private static func short(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }

  private static func escaped(_ text: String) -> String {
    text.reduce(into: "") { result, character in
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      default: result.append(character)
      }
    }
  }
}
