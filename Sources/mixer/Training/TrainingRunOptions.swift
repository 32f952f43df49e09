import ArgumentParser
import Foundation
import Operations
import Tensors
import Training

/// The options that all trainers share.
struct TrainingRunOptions: ParsableArguments {
  @Option(help: "How often to go through the training data.")
  var epochs: Double?
  @Option(help: "Steps in all, instead of --epochs.")
  var steps: Int?
  @Option(help: "The peak learning rate.")
  var learningRate: Double?
  @Option(help: "Steps until the peak (default: 200, but at most a tenth of all).")
  var warmUp: Int?
  @Option(help: "How the rate falls after the peak: cosine, linear or constant.")
  var schedule = LearningRateSchedule.Shape.cosine
  @Option(help: "The share of the peak rate that is left at the end.")
  var finalRate = 0.05
  @Option(help: "Decoupled weight decay, on matrices but for the token embeddings.")
  var weightDecay: Double?
  @Option(help: "AdamW's second beta.")
  var beta2 = 0.98
  @Option(help: "Clip gradients to this norm; 0 does not clip.")
  var clip = 1.0
  @Option(help: "Everything random follows from it.")
  var seed: UInt64 = 0
  @Option(help: "Steps between two checkpoints.")
  var checkpointEvery = 500
  @Option(help: "How many checkpoints to keep.")
  var keepCheckpoints = 2
  @Option(help: "Steps between two evaluations on the development data.")
  var evaluateEvery = 250
  @Option(help: "Stop after that many evaluations without a better score.")
  var patience: Int?
  @Option(help: "Steps between two lines of metrics.jsonl.")
  var logEvery = 10
  @Flag(help: "Go on from the newest checkpoint in the output folder, if there is one.")
  var resume = false
  @OptionGroup var precision: PrecisionOption
  @OptionGroup var threads: ThreadsOption
  @OptionGroup var json: JSONOption

  func validate() throws {
    if epochs != nil, steps != nil { throw ValidationError("give --epochs or --steps, not both") }
    try Self.require("--epochs", epochs.map { $0 > 0 } ?? true, "more than 0")
    try Self.require("--steps", steps.map { $0 > 0 } ?? true, "at least 1")
    try Self.require("--learning-rate", learningRate.map { $0 > 0 && $0.isFinite } ?? true, "more than 0")
    try Self.require("--final-rate", (0...1).contains(finalRate), "0 to 1")
    try Self.require("--weight-decay", weightDecay.map { $0 >= 0 } ?? true, "0 or more")
    try Self.require("--beta2", (0..<1).contains(beta2), "0 to below 1")
    try Self.require("--checkpoint-every", checkpointEvery > 0, "at least 1")
    try Self.require("--keep-checkpoints", keepCheckpoints > 0, "at least 1")
    try Self.require("--evaluate-every", evaluateEvery > 0, "at least 1")
    try Self.require("--log-every", logEvery > 0, "at least 1")
    guard try precision.value.isSupported else {
      throw ValidationError("--precision: this processor does not multiply bfloat16; expected float32 or auto")
    }
    try Self.require("--patience", patience.map { $0 > 0 } ?? true, "at least 1")
  }

  /// What products are computed in on this processor: float32 or bfloat16.
  var resolvedPrecision: Precision { get throws { try precision.value.resolved } }

  static func require(_ option: String, _ holds: Bool, _ expected: String) throws {
    if !holds { throw ValidationError("\(option): expected \(expected)") }
  }

  /// - Parameters:
  ///   - rate, epochs, decay: this trainer's defaults.
  ///   - stepsOf: how many steps a number of epochs has.
  ///   - settings: the trainer's own options, for the comparison on resuming.
  func options(
    rate: Double, epochs defaultEpochs: Double, decay: Double, settings: [String: String], stepsOf: (Double) -> Int
  ) throws -> TrainingOptions {
    let total = steps ?? stepsOf(epochs ?? defaultEpochs)
    let warmUp = warmUp ?? min(200, max(1, total / 10))
    var optimizer = AdamWOptions()
    optimizer.decay = weightDecay ?? decay
    optimizer.beta2 = beta2
    let peak = learningRate ?? rate
    let own = [
      "--steps": "\(total)", "--learning-rate": "\(peak)", "--warm-up": "\(warmUp)", "--schedule": schedule.rawValue,
      "--final-rate": "\(finalRate)", "--weight-decay": "\(optimizer.decay)", "--beta2": "\(beta2)",
      "--clip": "\(clip)",
      "--seed": "\(seed)", "--threads": "\(threads.count)", "--evaluate-every": "\(evaluateEvery)",
      "--patience": patience.map(String.init) ?? "none",
    ]
    return try TrainingOptions(
      schedule: LearningRateSchedule(
        shape: schedule, peak: peak, warmUp: warmUp, total: total, finalShare: finalRate),
      clippingNorm: clip > 0 ? clip : nil, optimizer: optimizer, checkpointEvery: checkpointEvery,
      keptCheckpoints: keepCheckpoints, evaluateEvery: evaluateEvery, patience: patience, logEvery: logEvery,
      threads: threads.count, resumes: resume, settings: own.merging(settings) { first, _ in first },
      precision: resolvedPrecision)
  }

  /// Runs a training with a progress line and the signals caught, and prints what came of it.
  func run<Task: TrainingTask>(
    _ kind: Task.Type, output: String, totalSteps: Int,
    _ body: (Cancellation, (TrainingLoop<Task>.Progress) -> Void) throws -> TrainingLoop<Task>.Summary
  ) throws {
    let cancellation = Cancellation()
    let trap = SignalTrap(cancellation)
    let line = ProgressLine("train \(Task.kind)", total: totalSteps, unit: "steps")
    let summary = try withExtendedLifetime(trap) {
      try body(cancellation) { progress in
        let rate = "\(Int(progress.unitsPerSecond).grouped) \(Task.unit)/s"
        line.update(
          done: progress.step, note: "loss \(String(format: "%.4f", progress.loss))  \(rate)")
        if let note = progress.note { Terminal.standardError("going on \(note)") }
        if let evaluation = progress.evaluation { report(progress.step, evaluation) }
      }
    }
    line.finish()
    if json.isOn { return try JSONOutput.print(Report(output: output, summary: summary)) }
    print(
      "\(summary.steps.grouped) steps, \(summary.units.grouped) \(Task.unit), \(ProgressLine.duration(summary.seconds)) → \(output)"
    )
    for (name, value) in (summary.evaluation ?? [:]).sorted(by: { $0.key < $1.key }) {
      print("  \(name): \(String(format: "%.4f", value))")
    }
  }

  private func report(_ step: Int, _ evaluation: Evaluation) {
    let figures = evaluation.figures.sorted { $0.key < $1.key }
      .map { "\($0.key) \(String(format: "%.4f", $0.value))" }
    let start = ProgressLine.isTerminal ? "\r" : ""
    Terminal.standardError("\(start)step \(step.grouped): \(figures.joined(separator: ", "))")
  }

  /// The command as it was typed, for the model card.
  static var command: String {
    (["mixer"] + CommandLine.arguments.dropFirst()).map { argument in
      argument.allSatisfy { $0.isLetter || $0.isNumber || "-_./=,:@%+".contains($0) } && !argument.isEmpty
        ? argument : "'" + argument.replacing("'", with: "'\\''") + "'"
    }.joined(separator: " ")
  }

  private struct Report<Task: TrainingTask>: Encodable {
    var output: String
    var summary: TrainingLoop<Task>.Summary
  }
}
