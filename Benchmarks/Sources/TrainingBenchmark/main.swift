// Our side of the training benchmarks: one measurement a run. The driver, ../../benchmark.py, runs it in turn with
// PyTorch.
internal import BenchmarkSupport
internal import Foundation
internal import Tensors

OneMeasurement.run(usage: "TrainingBenchmark peak|pretrain|retrieve [--name value]…") { arguments in
  let threads = try arguments.number("threads", default: WorkerPool.defaultThreads)
  switch arguments.command {
  case "peak":
    return try MatrixPeak.figures(arguments.precision(), threads: threads)
  case "pretrain":
    return try TrainingMeasurements.pretrain(
      width: arguments.number("dim", default: 256), blocks: arguments.number("depth", default: 8),
      texts: URL(fileURLWithPath: arguments.text("texts")),
      tokenizer: URL(fileURLWithPath: arguments.text("tokenizer")),
      batch: arguments.number("batch", default: 32), steps: arguments.number("steps", default: 8), threads: threads,
      packRows: arguments.number("pack-rows", default: 1024), precision: arguments.precision())
  case "retrieve":
    return try TrainingMeasurements.retrieve(
      width: arguments.number("dim", default: 256), blocks: arguments.number("depth", default: 8),
      contextWidth: arguments.number("width", default: 128), batch: arguments.number("batch", default: 32),
      steps: arguments.number("steps", default: 8), threads: threads,
      packContexts: arguments.number("pack-contexts", default: 8), precision: arguments.precision())
  default:
    throw Arguments.Fault(description: "there is no command \(arguments.command)")
  }
}
