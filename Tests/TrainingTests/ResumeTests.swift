import Checkpoints
import Foundation
import Operations
import Tensors
import Testing

@testable import Training

/// A run that is interrupted and resumed ends in the same weights, bit for bit, as one that is not.
@Suite struct ResumeTests {
  @Test(arguments: Tiny.precisions) func languageModel(precision: Precision) throws {
    try check { try Tiny.languageModel(precision: precision) }
  }
  @Test(arguments: Tiny.precisions) func embedder(precision: Precision) throws {
    try check { try Tiny.embedder(precision: precision) }
  }
  @Test(arguments: Tiny.precisions) func retriever(precision: Precision) throws {
    try check { try Tiny.retriever(precision: precision) }
  }
  @Test func projection() throws { try check { try Tiny.projection() } }

  private func check<Task: TrainingTask>(_ task: () throws -> Task) throws {
    let whole = try TemporaryFolder()
    var reference = try TrainingLoop(task(), options: Tiny.options(steps: 11), folder: whole.run)
    let start = Array(reference.task.parameters.storage.readOnly)
    let expected = try reference.run()

    // Stopped by a request after step 5, killed (that is: gone on from an old checkpoint) after step 8.
    let folder = try TemporaryFolder()
    let cancellation = Cancellation()
    var first = try TrainingLoop(task(), options: Tiny.options(steps: 11), folder: folder.run)
    #expect(throws: OperationError.self) {
      try first.run(cancellation: cancellation) { if $0.step == 5 { cancellation.request() } }
    }
    var second = try TrainingLoop(task(), options: Tiny.options(steps: 11, resumes: true), folder: folder.run)
    #expect(second.step == 5)
    _ = try second.run()
    try FileManager.default.removeItem(
      at: folder.run.checkpoints.appendingPathComponent("step-00000011.safetensors"))
    var third = try TrainingLoop(task(), options: Tiny.options(steps: 11, resumes: true), folder: folder.run)
    #expect(third.step == 8)
    let summary = try third.run()
    let kept = third.task.parameters.storage.readOnly.elementsEqual(reference.task.parameters.storage.readOnly)
    #expect(kept, "the weights that are kept differ")
    let (last, other) = try (tensors(whole.run, step: 11), tensors(folder.run, step: 11))
    let isSame = last == other
    #expect(isSame, "the last step's weights or moments differ")
    let tensor = third.task.parameters.layout.tensors[0]
    let isTrained = last["parameter.\(tensor.name)"] != Array(start.prefix(tensor.count))
    #expect(isTrained && last.count == 3 * third.task.parameters.layout.tensors.count)
    #expect(summary.loss == expected.loss)
    #expect(summary.bestStep == expected.bestStep && summary.evaluation == expected.evaluation)

    // The log holds every step once.
    let log = try MetricsLog(folder.run.metrics, after: 11)
    #expect(log.records.filter { $0.loss != nil }.map(\.step) == [2, 4, 6, 8, 10, 11])
    #expect(log.records.filter { $0.evaluation != nil }.map(\.step) == [0, 3, 6, 9, 11])
  }

  /// Everything in a checkpoint.
  private func tensors(_ folder: TrainingFolder, step: Int) throws -> [String: [Float]] {
    let file = try SafetensorsFile(
      path: folder.checkpoints.appendingPathComponent("step-000000\(step).safetensors").path)
    return try Dictionary(uniqueKeysWithValues: file.entries.map { ($0.name, try file.floats($0.name)) })
  }

  @Test func aRunIsOnlyResumedWithItsOwnSettings() throws {
    let folder = try TemporaryFolder()
    var loop = try TrainingLoop(
      Tiny.projection(), options: Tiny.options(steps: 2, settings: ["seed": "1"]), folder: folder.run)
    _ = try loop.run()
    #expect(throws: TrainingError.self) {
      try TrainingLoop(Tiny.projection(), options: Tiny.options(steps: 2, settings: ["seed": "1"]), folder: folder.run)
    }
    let other = #expect(throws: TrainingError.self) {
      try TrainingLoop(
        Tiny.projection(), options: Tiny.options(steps: 2, resumes: true, settings: ["seed": "2"]), folder: folder.run)
    }
    #expect(other?.diagnosis.category == .conflict)
    let kind = #expect(throws: TrainingError.self) {
      try TrainingLoop(
        Tiny.retriever(), options: Tiny.options(steps: 2, resumes: true, settings: ["seed": "1"]), folder: folder.run)
    }
    #expect(kind?.diagnosis.category == .conflict)
  }

  /// The precision is no setting: a run goes on in another one, and says so.
  @Test(.enabled(if: Precision.bfloat16.isSupported)) func aRunIsResumedInAnotherPrecision() throws {
    let folder = try TemporaryFolder()
    let cancellation = Cancellation()
    var first = try TrainingLoop(Tiny.languageModel(), options: Tiny.options(steps: 9), folder: folder.run)
    #expect(throws: OperationError.self) {
      try first.run(cancellation: cancellation) { if $0.step == 5 { cancellation.request() } }
    }
    var second = try TrainingLoop(
      Tiny.languageModel(precision: .bfloat16),
      options: Tiny.options(steps: 9, resumes: true, precision: .bfloat16), folder: folder.run)
    #expect(second.step == 5)
    var notes: [String?] = []
    _ = try second.run { notes.append($0.note) }
    let told = try #require(notes[0])
    #expect(told.contains("bfloat16 instead of float32") && notes.dropFirst().allSatisfy { $0 == nil })
    #expect(try MetricsLog(folder.run.metrics, after: 9).records.filter { $0.note == told }.map(\.step) == [5])
    // Its own precision again is nothing to tell.
    _ = try TrainingLoop(
      Tiny.languageModel(precision: .bfloat16),
      options: Tiny.options(steps: 9, resumes: true, precision: .bfloat16), folder: folder.run)
    #expect(try MetricsLog(folder.run.metrics, after: 9).records.count { $0.note != nil } == 1)
  }

  @Test func resumingWithoutACheckpointStarts() throws {
    let folder = try TemporaryFolder()
    let loop = try TrainingLoop(Tiny.projection(), options: Tiny.options(steps: 2, resumes: true), folder: folder.run)
    #expect(loop.step == 0)
  }

  @Test func twoRunsAreTheSame() throws {
    let weights = try (0..<2).map { _ in
      let folder = try TemporaryFolder()
      var loop = try TrainingLoop(Tiny.embedder(), options: Tiny.options(steps: 4), folder: folder.run)
      _ = try loop.run()
      return Array(loop.task.parameters.storage.readOnly)
    }
    let isSame = weights[0] == weights[1]
    #expect(isSame)
  }
}
