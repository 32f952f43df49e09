internal import Datasets
public import Foundation
internal import Operations

/// The loss and accuracy curves of a run as an SVG: the losses above, the shares (accuracies) below; and as a PNG
/// beside it where `rsvg-convert` is installed.
public struct TrainingCurves {
  private struct Series {
    let name: String
    let points: [(x: Double, y: Double)]
  }

  private let kind: String
  private let losses: [Series]
  private let shares: [Series]

  public init(kind: String, records: [MetricsRecord]) {
    self.kind = kind
    let training = Series(
      name: "training loss", points: records.compactMap { record in record.loss.map { (Double(record.step), $0) } })
    var others: [String: [(x: Double, y: Double)]] = [:]
    for record in records {
      for (name, value) in record.training ?? [:] {
        others["training \(name)", default: []].append((Double(record.step), value))
      }
      for (name, value) in record.evaluation ?? [:] {
        // Of another development split the figure already has the name.
        others[name.hasPrefix("dev") ? name : "dev \(name)", default: []].append((Double(record.step), value))
      }
    }
    let named = others.sorted { $0.key < $1.key }.map { Series(name: $0.key, points: $0.value) }
    losses = ([training] + named.filter { $0.name.hasSuffix(" loss") }).filter { !$0.points.isEmpty }
    // A figure belongs into the lower panel when it is a share.
    shares = named.filter { series in
      !series.name.hasSuffix(" loss") && !series.name.hasSuffix(" temperature")
        && series.points.allSatisfy { (0...1).contains($0.y) }
    }
  }

  /// - Throws: `OperationError` when the disk refuses.
  public func write(to url: URL) throws {
    try AtomicFile.replace(url, with: Data(svg.utf8))
    // A run does not end because a picture of it cannot be drawn.
    _ = try? PNGPicture.draw(svg, to: url.deletingPathExtension().appendingPathExtension("png"))
  }

  /// The picture.
  public var svg: String {
    let panels = [("loss", losses, nil), ("share", shares, 1.0)].filter { !$0.1.isEmpty }
    let height = 260 * max(1, panels.count) + 40
    // A letter of the legends is about 7 wide.
    let letters = (losses + shares).map(\.name.count).max() ?? 0
    let width = max(760, Int(Self.right) + 28 + 7 * letters + 12)
    var text = """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" viewBox="0 0 \(width) \(height)" font-family="sans-serif" font-size="12">
      <rect width="\(width)" height="\(height)" fill="white"/>
      <text x="70" y="20" font-size="14">\(kind)</text>

      """
    let steps = panels.flatMap { $0.1.flatMap(\.points) }.map(\.x)
    let axis = NiceAxis(steps.min() ?? 0, max(steps.max() ?? 1, (steps.min() ?? 0) + 1), isWhole: true)
    for (index, panel) in panels.enumerated() {
      text += Self.panel(panel.0, panel.1, steps: axis, top: Double(30 + 260 * index), ceiling: panel.2)
    }
    return text + "</svg>\n"
  }

  /// Where the panels end and the legends begin.
  private static let right = 560.0
  private static let colors = ["#1f77b4", "#d62728", "#2ca02c", "#9467bd", "#ff7f0e", "#17becf", "#8c564b", "#7f7f7f"]

  private static func panel(
    _ title: String, _ series: [Series], steps: NiceAxis, top: Double, ceiling: Double?
  ) -> String {
    let (left, height) = (70.0, 200.0)
    let values = series.flatMap(\.points).map(\.y)
    let axis = ceiling.map { NiceAxis(0, $0) } ?? NiceAxis(values.min() ?? 0, values.max() ?? 1)
    func x(_ value: Double) -> Double { left + steps.share(value) * (right - left) }
    func y(_ value: Double) -> Double { top + 10 + height - axis.share(value) * height }
    var text = ""
    for mark in axis.marks {
      text += "<path d=\"M\(left) \(tenths(y(mark)))H\(right)\" stroke=\"#ddd\"/>\n"
      text += "<text x=\"\(left - 6)\" y=\"\(tenths(y(mark) + 4))\" text-anchor=\"end\">\(axis.label(mark))</text>\n"
    }
    for mark in steps.marks {
      text +=
        "<text x=\"\(tenths(x(mark)))\" y=\"\(top + height + 26)\" text-anchor=\"middle\">\(steps.label(mark))</text>\n"
    }
    text += "<path d=\"M\(left) \(top + 10)V\(top + 10 + height)H\(right)\" fill=\"none\" stroke=\"#666\"/>\n"
    text += "<text x=\"\((left + right) / 2)\" y=\"\(top + height + 42)\" text-anchor=\"middle\">step</text>\n"
    text +=
      "<text transform=\"translate(18 \(top + 10 + height / 2)) rotate(-90)\" text-anchor=\"middle\">\(title)</text>\n"
    for (index, line) in series.enumerated() {
      let color = colors[index % colors.count]
      let points = line.points.map { (tenths(x($0.x)), tenths(y($0.y))) }
      let path = points.map { "\($0.0),\($0.1)" }.joined(separator: " ")
      text += "<polyline points=\"\(path)\" fill=\"none\" stroke=\"\(color)\" stroke-width=\"1.5\"/>\n"
      // Few points are measurements, not a curve.
      if points.count <= 20 {
        text += points.map { "<circle cx=\"\($0.0)\" cy=\"\($0.1)\" r=\"2.5\" fill=\"\(color)\"/>\n" }.joined()
      }
      let legend = top + 22 + Double(index) * 17
      text += "<rect x=\"\(right + 12)\" y=\"\(legend - 9)\" width=\"10\" height=\"10\" fill=\"\(color)\"/>\n"
      text += "<text x=\"\(right + 28)\" y=\"\(legend)\">\(line.name)</text>\n"
    }
    return text
  }

  private static func tenths(_ value: Double) -> Double { (value * 10).rounded() / 10 }
}
