internal import Checkpoints
internal import Foundation
internal import Operations
internal import Tensors

/// The checkpoints of a run: each one file with the parameters, both moments and the state, written atomically; the
/// newest few are kept. Beside them the best evaluated parameters.
struct TrainingCheckpoints {
  let folder: URL
  let kept: Int

  /// - Throws: `OperationError` when the folder cannot be made.
  func prepare() throws {
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw OperationError(
        Diagnosis(.environment, "cannot make the folder", at: folder.path, found: "\(error)".excerpt(120)))
    }
  }

  /// The steps of which there are checkpoints, ascending.
  func steps() -> [Int] { steps(prefix: "step-") }

  /// Writes a checkpoint and then removes the oldest beyond those kept.
  ///
  /// - Throws: `OperationError` when the disk refuses; the earlier checkpoints are then still whole.
  func save<SamplerState>(
    _ state: TrainingState<SamplerState>, parameters: ParameterBuffer<Float>, optimizer: AdamW<Float>
  ) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let tensors = Self.parts(parameters, optimizer).flatMap { part, buffer in
      buffer.layout.tensors.map {
        SafetensorsWriter.Tensor(
          TensorShape("\(part).\($0.name)", $0.shape), UnsafeBufferPointer(buffer.values($0)))
      }
    }
    try SafetensorsWriter.write(
      tensors, metadata: ["state": String(decoding: try encoder.encode(state), as: UTF8.self)],
      to: url("step-", state.step))
    for step in steps().dropLast(kept) { remove("step-", step) }
    for step in steps(prefix: "best-") where step != state.best?.step { remove("best-", step) }
  }

  /// Reads the checkpoint of a step into the buffers.
  ///
  /// - Throws: `CheckpointError` when it is damaged or of another shape, ``TrainingError`` when it is of another kind.
  func load<SamplerState>(
    _ step: Int, as type: TrainingState<SamplerState>.Type, kind: String, parameters: ParameterBuffer<Float>,
    optimizer: inout AdamW<Float>
  ) throws -> TrainingState<SamplerState> {
    let file = try SafetensorsFile(path: url("step-", step).path)
    let state = try Self.state(of: file, as: type, kind: kind)
    for (part, buffer) in Self.parts(parameters, optimizer) {
      let named = ParameterLayout(buffer.layout.tensors.map { TensorShape("\(part).\($0.name)", $0.shape) })
      let stored = try ParameterBuffer<Float>(named, from: file)
      buffer.storage.base.update(from: stored.storage.base, count: named.count)
    }
    optimizer.steps = state.step
    return state
  }

  private static func state<SamplerState>(
    of file: SafetensorsFile, as type: TrainingState<SamplerState>.Type, kind: String
  ) throws -> TrainingState<SamplerState> {
    guard let text = file.metadata["state"],
      let header = try? JSONDecoder().decode(CheckpointHeader.self, from: Data(text.utf8))
    else { throw TrainingError(.damaged, "the file is no training checkpoint", at: file.path) }
    guard header.version == type.currentVersion else {
      throw TrainingError(
        .badInput, "the checkpoint is of another version", at: file.path, expected: "\(type.currentVersion)",
        found: "\(header.version)", hint: "resume it with the program that wrote it")
    }
    guard header.kind == kind else {
      throw TrainingError(
        .conflict, "the checkpoint is of another kind of training", at: file.path, expected: kind,
        found: header.kind.excerpt())
    }
    do {
      return try JSONDecoder().decode(type, from: Data(text.utf8))
    } catch {
      throw TrainingError(.damaged, "the checkpoint's state cannot be read", at: file.path)
    }
  }

  /// Writes the parameters as those of the best evaluation so far. The earlier best goes at the next checkpoint.
  func saveBest(_ parameters: ParameterBuffer<Float>, step: Int) throws {
    try parameters.write(to: url("best-", step))
  }

  /// Reads the best parameters into the buffer.
  func loadBest(step: Int, into parameters: ParameterBuffer<Float>) throws {
    let stored = try ParameterBuffer<Float>(parameters.layout, from: SafetensorsFile(path: url("best-", step).path))
    parameters.storage.base.update(from: stored.storage.base, count: parameters.layout.count)
  }

  private static func parts(
    _ parameters: ParameterBuffer<Float>, _ optimizer: AdamW<Float>
  ) -> [(String, ParameterBuffer<Float>)] {
    [("parameter", parameters), ("first", optimizer.first), ("second", optimizer.second)]
  }

  private func url(_ prefix: String, _ step: Int) -> URL {
    let digits = String(step)
    let padded = String(repeating: "0", count: max(0, 8 - digits.count)) + digits
    return folder.appendingPathComponent("\(prefix)\(padded).safetensors")
  }

  private func steps(prefix: String) -> [Int] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.compactMap { name in
      guard name.hasPrefix(prefix), name.hasSuffix(".safetensors") else { return nil }
      return Int(name.dropFirst(prefix.count).dropLast(".safetensors".count))
    }.sorted()
  }

  private func remove(_ prefix: String, _ step: Int) {
    try? FileManager.default.removeItem(at: url(prefix, step))
  }
}

/// The part of a state that every version has.
private struct CheckpointHeader: Decodable {
  var version: Int
  var kind: String
}
