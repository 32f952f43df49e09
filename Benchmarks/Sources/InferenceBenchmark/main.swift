// Our side of the benchmarks: one measurement a run, one line of JSON on standard output. The driver,
// ../../embedding.py, runs it in turn with PyTorch.
internal import Checkpoints
internal import Foundation
internal import Tensors

func run() throws {
  let arguments = try Arguments(Array(CommandLine.arguments.dropFirst()))
  let threads = try arguments.number("threads", default: WorkerPool.defaultThreads)
  let products = try arguments.products()
  func folder(_ name: String) throws -> ModelFolder { ModelFolder(path: try arguments.text(name)) }
  let result: [String: Double]
  switch arguments.command {
  case "peak":
    let peak = try MatrixPeak.measure(products.precision, threads: threads)
    result = ["gflops": peak.wall / 1e9, "gflops_per_core": peak.core / 1e9]
  case "embed":
    result = try Measurements.embed(
      model: folder("model"), products: products, texts: URL(fileURLWithPath: arguments.text("texts")),
      limit: arguments.number("limit", default: 256), threads: threads)
  case "score":
    result = try Measurements.score(
      width: arguments.number("dim", default: 512), blocks: arguments.number("depth", default: 8),
      contextWidth: arguments.number("width", default: 128), products: products,
      contexts: arguments.number("contexts", default: 256),
      threads: threads)
  case "accuracy":
    result = try Measurements.accuracy(
      model: folder("model"), products: products, texts: URL(fileURLWithPath: arguments.text("texts")),
      limit: arguments.number("limit", default: 1_000), threads: threads)
  case "latency":
    result = try Measurements.latency(
      model: folder("model"), products: products, text: arguments.text("text"),
      rounds: arguments.number("rounds", default: 200))
  case "load":
    result = try Measurements.load(
      model: folder("model"), products: products, rounds: arguments.number("rounds", default: 7))
  case "checkpoint":
    try RandomCheckpoint.write(
      width: arguments.number("dim", default: 512), blocks: arguments.number("depth", default: 8),
      tokenizer: URL(fileURLWithPath: arguments.text("tokenizer")), to: folder("output"))
    result = [:]
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
