import Checkpoints
import Foundation
import Mixers
import Operations
import Tensors
import Testing

@testable import Training

@Suite struct TrainingLoopTests {
  /// Its loss breaks in one step; the parameter counts the updates.
  struct Breaking: TrainingTask {
    static let kind = "breaking"
    static let unit = "steps"
    let parameters = ParameterBuffer<Float>(ParameterLayout([TensorShape("weight", [2, 2])]))
    let gradients = WorkerGradients<Float>(ParameterLayout([TensorShape("weight", [2, 2])]), workers: 1)
    var sampler = 0
    var badLoss: (step: Int, loss: Double)?
    var scores: [Int: Double] = [:]

    mutating func computeGradients(step: Int) -> StepOutcome {
      sampler += 1
      gradients.sum.storage.base[0] = 1
      let loss = badLoss?.step == step ? badLoss?.loss ?? 0 : 1
      return StepOutcome(loss: loss, units: 1, batchIDs: ["story \(step)", "another"])
    }

    func evaluate() -> Evaluation? { scores[sampler].map { Evaluation(figures: ["score": $0], score: $0) } }
  }

  @Test(arguments: [Double.nan, .infinity, 1e6])
  func anExplodingLossStopsWithTheLastGoodCheckpoint(loss: Double) throws {
    let folder = try TemporaryFolder()
    let task = Breaking(badLoss: (30, loss))
    var loop = try TrainingLoop(task, options: Tiny.options(steps: 40), folder: folder.run)
    let error = #expect(throws: TrainingError.self) { try loop.run() }
    #expect(error?.diagnosis.category == .failed)
    #expect(error?.diagnosis.hint?.contains("step 28") == true)
    let batch = try String(contentsOf: folder.run.failedBatch, encoding: .utf8)
    #expect(batch.contains("story 30") && batch.contains("another"))
    let resumed = try TrainingLoop(task, options: Tiny.options(steps: 40, resumes: true), folder: folder.run)
    #expect(resumed.step == 28)
    #expect(resumed.task.parameters.storage.readOnly.allSatisfy { $0.isFinite })
  }

  @Test func aCheckpointThatCannotBeWrittenLeavesTheOthersWhole() throws {
    let folder = try TemporaryFolder()
    var loop = try TrainingLoop(Breaking(), options: Tiny.options(steps: 12), folder: folder.run)
    // A folder in the way: the finished file cannot get its name, as on a disk that is full at the end.
    let blocked = folder.run.checkpoints.appendingPathComponent("step-00000008.safetensors")
    try FileManager.default.createDirectory(
      at: blocked.appendingPathComponent("in the way"), withIntermediateDirectories: true)
    #expect(throws: OperationError.self) { try loop.run() }
    try FileManager.default.removeItem(at: blocked)
    let left = try FileManager.default.contentsOfDirectory(atPath: folder.run.checkpoints.path)
    #expect(left == ["step-00000004.safetensors"])
    let resumed = try TrainingLoop(Breaking(), options: Tiny.options(steps: 12, resumes: true), folder: folder.run)
    #expect(resumed.step == 4)
  }

  @Test func aDamagedCheckpointIsRefused() throws {
    let folder = try TemporaryFolder()
    var loop = try TrainingLoop(Breaking(), options: Tiny.options(steps: 4), folder: folder.run)
    _ = try loop.run()
    let file = folder.run.checkpoints.appendingPathComponent("step-00000004.safetensors")
    let whole = try Data(contentsOf: file)
    try whole.prefix(whole.count - 5).write(to: file)
    #expect(throws: CheckpointError.self) {
      try TrainingLoop(Breaking(), options: Tiny.options(steps: 4, resumes: true), folder: folder.run)
    }
  }

  @Test func checkpointsAreKeptByCount() throws {
    let folder = try TemporaryFolder()
    var loop = try TrainingLoop(Breaking(), options: Tiny.options(steps: 18), folder: folder.run)
    _ = try loop.run()
    let left = try FileManager.default.contentsOfDirectory(atPath: folder.run.checkpoints.path).sorted()
    #expect(left == ["step-00000016.safetensors", "step-00000018.safetensors"])
  }

  @Test func theBestWeightsAreKeptAndTrainingStopsEarly() throws {
    let folder = try TemporaryFolder()
    var options = Tiny.options(steps: 40)
    options.patience = 2
    let task = Breaking(scores: [3: 0.1, 6: 0.5, 9: 0.4, 12: 0.5, 15: 0.9])
    var loop = try TrainingLoop(task, options: options, folder: folder.run)
    var atBest: [Float] = []
    let summary = try loop.run { if $0.step == 6 { atBest = Array(task.parameters.storage.readOnly) } }
    #expect(summary.stoppedEarly && summary.steps == 12 && summary.bestStep == 6)
    #expect(Array(loop.task.parameters.storage.readOnly) == atBest)
    let resumed = try TrainingLoop(
      task,
      options: {
        var o = options; o.resumes = true; return o
      }(), folder: folder.run)
    var again = resumed
    #expect(try again.run().bestStep == 6)
  }

  @Test func curvesAreDrawn() throws {
    let folder = try TemporaryFolder()
    var loop = try TrainingLoop(Tiny.retriever(), options: Tiny.options(steps: 6), folder: folder.run)
    _ = try loop.run()
    let svg = try String(contentsOf: folder.run.curves, encoding: .utf8)
    #expect(svg.hasPrefix("<svg") && svg.contains("dev top-1") && svg.contains("training loss"))
    let document = try XMLCheck(svg)
    #expect(document.elements > 20)
  }
}

/// Whether tags are balanced: enough to see that a picture is well formed.
private struct XMLCheck {
  var elements = 0

  init(_ text: String) throws {
    var open = 0
    for part in text.split(separator: "<").dropFirst(text.hasPrefix("<") ? 0 : 1) {
      if part.hasPrefix("/") {
        open -= 1
      } else {
        elements += 1
        if !part.contains("/>") { open += 1 }
      }
    }
    #expect(open == 0)
  }
}
