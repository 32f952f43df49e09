// Our side of the inference benchmarks: one measurement a run. The driver, ../../benchmark.py, runs it in turn with
// PyTorch.
internal import BenchmarkSupport
internal import Checkpoints
internal import Foundation
internal import Tensors

OneMeasurement.run(usage: "InferenceBenchmark peak|embed|score|accuracy|latency|load|checkpoint [--name value]…") {
  arguments in
  let threads = try arguments.number("threads", default: WorkerPool.defaultThreads)
  let products = try arguments.products()
  func folder(_ name: String) throws -> ModelFolder { ModelFolder(path: try arguments.text(name)) }
  switch arguments.command {
  case "peak":
    return try MatrixPeak.figures(products.precision, threads: threads)
  case "embed":
    return try Measurements.embed(
      model: folder("model"), products: products, texts: URL(fileURLWithPath: arguments.text("texts")),
      limit: arguments.number("limit", default: 256), threads: threads)
  case "score":
    return try Measurements.score(
      width: arguments.number("dim", default: 512), blocks: arguments.number("depth", default: 8),
      contextWidth: arguments.number("width", default: 128), products: products,
      contexts: arguments.number("contexts", default: 256),
      threads: threads)
  case "accuracy":
    return try Measurements.accuracy(
      model: folder("model"), products: products, texts: URL(fileURLWithPath: arguments.text("texts")),
      limit: arguments.number("limit", default: 1_000), threads: threads)
  case "latency":
    return try Measurements.latency(
      model: folder("model"), products: products, text: arguments.text("text"),
      rounds: arguments.number("rounds", default: 200))
  case "load":
    return try Measurements.load(
      model: folder("model"), products: products, rounds: arguments.number("rounds", default: 7))
  case "checkpoint":
    try RandomCheckpoint.write(
      width: arguments.number("dim", default: 512), blocks: arguments.number("depth", default: 8),
      tokenizer: URL(fileURLWithPath: arguments.text("tokenizer")), to: folder("output"))
    return [:]
  default:
    throw Arguments.Fault(description: "there is no command \(arguments.command)")
  }
}
