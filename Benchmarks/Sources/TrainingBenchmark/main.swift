// Our side of the training benchmarks: one measurement a run, one line of JSON on standard output. The driver,
// ../../training.py, runs it in turn with PyTorch.
internal import Foundation
internal import Tensors

func run() throws {
  let arguments = try Arguments(Array(CommandLine.arguments.dropFirst()))
  let threads = try arguments.number("threads", default: WorkerPool.defaultThreads)
  let result: [String: Double]
  switch arguments.command {
  case "peak":
    let peak = try MatrixPeak.measure(arguments.precision(), threads: threads)
    result = ["gflops": peak.wall / 1e9, "gflops_per_core": peak.core / 1e9]
  case "pretrain":
    result = try TrainingMeasurements.pretrain(
      width: arguments.number("dim", default: 256), blocks: arguments.number("depth", default: 8),
      texts: URL(fileURLWithPath: arguments.text("texts")),
      tokenizer: URL(fileURLWithPath: arguments.text("tokenizer")),
      batch: arguments.number("batch", default: 32), steps: arguments.number("steps", default: 8), threads: threads,
      packRows: arguments.number("pack-rows", default: 1024), precision: arguments.precision())
  case "retrieve":
    result = try TrainingMeasurements.retrieve(
      width: arguments.number("dim", default: 256), blocks: arguments.number("depth", default: 8),
      contextWidth: arguments.number("width", default: 128), batch: arguments.number("batch", default: 32),
      steps: arguments.number("steps", default: 8), threads: threads,
      packContexts: arguments.number("pack-contexts", default: 8), precision: arguments.precision())
  default:
    throw Arguments.Fault(description: "there is no command \(arguments.command)")
  }
  let encoder = JSONEncoder()
  encoder.outputFormatting = .sortedKeys
  print(String(decoding: try encoder.encode(result), as: UTF8.self))
}

do {
  try run()
} catch {
  FileHandle.standardError.write(Data("error: \(error)\n".utf8))
  exit(2)
}
