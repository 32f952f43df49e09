internal import Checkpoints
internal import Foundation
internal import Operations

/// The `README.md` of a trained model: what it is, from which data and by which command, what it reaches.
public struct ModelCard: Sendable {
  public var title: String
  /// What the model is, as a paragraph.
  public var summary: String
  /// Where the data comes from, with its fingerprint: one line each.
  public var data: [String]
  public var command: String
  public var seed: UInt64
  public var threads: Int
  /// More facts about the training, in order.
  public var facts: [(name: String, value: String)]

  public init(
    title: String, summary: String, data: [String], command: String, seed: UInt64, threads: Int,
    facts: [(name: String, value: String)] = []
  ) {
    self.title = title
    self.summary = summary
    self.data = data
    self.command = command
    self.seed = seed
    self.threads = threads
    self.facts = facts
  }

  /// The card as Markdown. The figures before training, where there are any, stand beside those after it.
  func markdown(_ summary: RunFigures) -> String {
    var lines = ["# \(title)", "", self.summary, "", "## Data", ""]
    lines += data.map { "- \($0)" }
    lines += ["", "## Training", "", "```", command, "```", ""]
    lines += [
      "- steps: \(summary.steps.grouped)\(summary.stoppedEarly ? " (stopped early)" : ""), \(summary.units.grouped) \(summary.unit)",
      "- seed: \(seed)",
      "- time: \(ProgressLine.duration(summary.seconds)) on \(threads) thread\(threads == 1 ? "" : "s") of \(Hardware.processor)",
    ]
    lines += facts.map { "- \($0.name): \($0.value)" }
    if let loss = summary.loss { lines.append("- training loss at the end (running mean): \(Self.rounded(loss))") }
    if let figures = summary.evaluation, !figures.isEmpty {
      lines += ["", "## Figures on the development data", ""]
      if let step = summary.bestStep {
        lines += ["The weights are those after step \(step.grouped), the best evaluation.", ""]
      }
      lines += ["| | before training | this model |", "|---|---|---|"]
      lines += figures.sorted { $0.key < $1.key }.map { name, value in
        "| \(name) | \(summary.baseline?[name].map(Self.rounded) ?? "—") | \(Self.rounded(value)) |"
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func rounded(_ value: Double) -> String { String(format: abs(value) >= 100 ? "%.1f" : "%.4f", value) }

  /// The card for a folder, written atomically.
  func write(to folder: ModelFolder, _ summary: RunFigures) throws {
    try AtomicFile.replace(folder.cardURL, with: Data(markdown(summary).utf8))
  }
}

/// What a card says about a run.
struct RunFigures {
  var unit: String
  var steps: Int
  var units: Int
  var seconds: Double
  var loss: Double?
  var bestStep: Int?
  var evaluation: [String: Double]?
  /// The evaluation before the first step.
  var baseline: [String: Double]?
  var stoppedEarly: Bool

  init<Task: TrainingTask>(_ summary: TrainingLoop<Task>.Summary, baseline: [String: Double]?) {
    unit = Task.unit
    steps = summary.steps
    units = summary.units
    seconds = summary.seconds
    loss = summary.loss
    bestStep = summary.bestStep
    evaluation = summary.evaluation
    self.baseline = baseline
    stoppedEarly = summary.stoppedEarly
  }
}

/// The machine, for a card.
enum Hardware {
  static var processor: String {
    let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix("model name") }
    return line?.split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) } ?? "an unknown processor"
  }
}
