public import Foundation
internal import Operations

/// The loss and accuracy curves of a run as an SVG: the losses above, the shares (accuracies) below.
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
        others["dev \(name)", default: []].append((Double(record.step), value))
      }
    }
    let named = others.sorted { $0.key < $1.key }.map { Series(name: $0.key, points: $0.value) }
    losses = ([training] + named.filter { $0.name.hasSuffix(" loss") }).filter { !$0.points.isEmpty }
    // A figure belongs into the lower panel when it is a share.
    shares = named.filter { series in
      !series.name.hasSuffix(" loss") && series.points.allSatisfy { (0...1).contains($0.y) }
    }
  }

  /// - Throws: `OperationError` when the disk refuses.
  public func write(to url: URL) throws {
    try AtomicFile.replace(url, with: Data(svg.utf8))
  }

  /// The picture.
  public var svg: String {
    let panels = [("loss", losses, nil), ("share", shares, 1.0)].filter { !$0.1.isEmpty }
    let height = 260 * max(1, panels.count) + 30
    var text = """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 760 \(height)" font-family="sans-serif" font-size="12">
      <rect width="760" height="\(height)" fill="white"/>
      <text x="60" y="20" font-size="14">\(kind)</text>

      """
    for (index, panel) in panels.enumerated() {
      text += Self.panel(panel.0, panel.1, top: Double(30 + 260 * index), ceiling: panel.2)
    }
    return text + "</svg>\n"
  }

  private static let colors = ["#1f77b4", "#d62728", "#2ca02c", "#9467bd", "#ff7f0e", "#17becf", "#8c564b", "#7f7f7f"]

  private static func panel(_ title: String, _ series: [Series], top: Double, ceiling: Double?) -> String {
    let (left, right, height) = (60.0, 560.0, 200.0)
    let points = series.flatMap(\.points)
    let first = points.map(\.x).min() ?? 0
    let last = max(points.map(\.x).max() ?? 1, first + 1)
    let low = ceiling == nil ? (points.map(\.y).min() ?? 0) : 0
    let high = max(ceiling ?? (points.map(\.y).max() ?? 1), low + 1e-6)
    func x(_ value: Double) -> Double { left + (value - first) / (last - first) * (right - left) }
    func y(_ value: Double) -> Double { top + 10 + height - (value - low) / (high - low) * height }
    var text =
      "<rect x=\"\(left)\" y=\"\(top + 10)\" width=\"\(right - left)\" height=\"\(height)\" fill=\"none\" stroke=\"#999\"/>\n"
    for mark in 0...4 {
      let value = low + (high - low) * Double(mark) / 4
      text += "<text x=\"\(left - 6)\" y=\"\(round(y(value) + 4))\" text-anchor=\"end\">\(short(value))</text>\n"
      let step = first + (last - first) * Double(mark) / 4
      text += "<text x=\"\(round(x(step)))\" y=\"\(top + height + 26)\" text-anchor=\"middle\">\(Int(step))</text>\n"
    }
    for (index, line) in series.enumerated() {
      let color = colors[index % colors.count]
      let path = line.points.map { "\(round(x($0.x) * 10) / 10),\(round(y($0.y) * 10) / 10)" }.joined(separator: " ")
      text += "<polyline points=\"\(path)\" fill=\"none\" stroke=\"\(color)\" stroke-width=\"1.5\"/>\n"
      let legend = top + 22 + Double(index) * 17
      text += "<rect x=\"\(right + 12)\" y=\"\(legend - 9)\" width=\"10\" height=\"10\" fill=\"\(color)\"/>\n"
      text += "<text x=\"\(right + 28)\" y=\"\(legend)\">\(line.name)</text>\n"
    }
    return text
  }

  /// Three significant digits.
  private static func short(_ value: Double) -> String {
    let digits = abs(value) >= 100 ? 0 : abs(value) >= 10 ? 1 : 2
    return String(format: "%.\(digits)f", value)
  }
}
