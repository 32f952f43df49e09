internal import Foundation
internal import Synchronization

/// Shows how far a long operation is, on standard error and only when that is a terminal.
///
/// One line is redrawn at most ten times a second: `label  1,234/9,825  12 %  812/s  0:11 left  note`.
public final class ProgressLine: Sendable {
  private struct State {
    var done = 0
    var total: Int?
    var note = ""
    var lastDrawn = ContinuousClock.Instant?.none
    var drawnWidth = 0
  }

  private let label: String
  private let unit: String
  private let isShown: Bool
  private let start = ContinuousClock.now
  private let state: Mutex<State>

  /// - Parameters:
  ///   - total: how many steps there are, if that is known.
  ///   - unit: what one step is, in the plural: `stories`, `tokens`.
  ///   - isShown: whether to draw; by default only on a terminal.
  public init(_ label: String, total: Int? = nil, unit: String, isShown: Bool = ProgressLine.isTerminal) {
    self.label = label
    self.unit = unit
    self.isShown = isShown
    state = Mutex(State(total: total))
  }

  /// Whether standard error is a terminal.
  public static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  public func advance(by steps: Int = 1, note: String? = nil) {
    state.withLock { state in
      state.done += steps
      if let note { state.note = note }
      drawIfDue(&state)
    }
  }

  /// Sets the number of steps done, and the total where it has become known.
  public func update(done: Int, total: Int? = nil, note: String? = nil) {
    state.withLock { state in
      state.done = done
      if let total { state.total = total }
      if let note { state.note = note }
      drawIfDue(&state)
    }
  }

  /// Draws the last state and ends the line.
  public func finish() {
    guard isShown else { return }
    state.withLock { state in
      draw(&state)
      FileHandle.standardError.write(Data("\n".utf8))
    }
  }

  private func drawIfDue(_ state: inout State) {
    guard isShown else { return }
    if let last = state.lastDrawn, ContinuousClock.now - last < .milliseconds(100) { return }
    draw(&state)
  }

  private func draw(_ state: inout State) {
    state.lastDrawn = .now
    let text = Self.render(
      label: label, unit: unit, done: state.done, total: state.total, note: state.note,
      elapsed: (ContinuousClock.now - start).seconds)
    let padding = String(repeating: " ", count: max(0, state.drawnWidth - text.count))
    state.drawnWidth = text.count
    FileHandle.standardError.write(Data("\r\(text)\(padding)".utf8))
  }

  static func render(
    label: String, unit: String, done: Int, total: Int?, note: String, elapsed: Double
  ) -> String {
    let rate = elapsed > 0 ? Double(done) / elapsed : 0
    var parts = [label]
    if let total, total > 0 {
      let share = min(1, Double(done) / Double(total))
      let filled = Int(share * 24)
      parts.append(
        "[" + String(repeating: "█", count: filled) + String(repeating: "░", count: 24 - filled) + "]")
      parts.append("\(done.grouped)/\(total.grouped) \(unit)")
      parts.append("\(Int(share * 100)) %")
      if rate > 0 {
        parts.append("\(rate.shortRate)/s")
        if done < total { parts.append(duration(Double(total - done) / rate) + " left") }
      }
    } else {
      parts.append("\(done.grouped) \(unit)")
      if rate > 0 { parts.append("\(rate.shortRate)/s") }
    }
    if !note.isEmpty { parts.append(note) }
    return parts.joined(separator: "  ")
  }

  /// Seconds as `m:ss` or `h:mm:ss`.
  public static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 1e9 else { return "—" }
    let whole = Int(seconds.rounded(.up))
    let (hours, minutes, rest) = (whole / 3600, whole / 60 % 60, whole % 60)
    func twoDigits(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
    return hours > 0 ? "\(hours):\(twoDigits(minutes)):\(twoDigits(rest))" : "\(minutes):\(twoDigits(rest))"
  }
}

extension Int {
  /// With a comma between groups of three digits, in every locale.
  public var grouped: String {
    let digits = String(magnitude)
    var result = ""
    for (offset, digit) in digits.enumerated() {
      if offset > 0, (digits.count - offset) % 3 == 0 { result.append(",") }
      result.append(digit)
    }
    return self < 0 ? "-" + result : result
  }
}

extension Double {
  fileprivate var shortRate: String {
    self >= 100 ? Int(self).grouped : String(format: "%.1f", self)
  }
}

extension Duration {
  public var seconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }

  public var milliseconds: Double { seconds * 1000 }
}
