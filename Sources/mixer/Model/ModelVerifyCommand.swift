import ArgumentParser
import Checkpoints
import Mixers
import Operations
import Retrieval

struct ModelVerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Load a model and hold its fast inference against the plain definition.",
    discussion: """
      Computes an example twice, once as searches do and once in plain loops over the whole window, and compares.

      Example:
        mixer model verify Models/story-embedder-256
      """)

  @Argument(help: ArgumentHelp("The model's folder.", valueName: "DIR"))
  var model: String
  @Option(help: "For a masked mixer: the text to embed.")
  var text = "Once upon a time there was a small bird who wanted to share its nest."
  @OptionGroup var json: JSONOption

  struct Report: Encodable {
    let model: String
    let checked: String
    /// The largest difference, relative to the largest value.
    let deviation: Float
    let tolerance: Float
    let passed: Bool
  }

  func run() throws {
    let folder = ModelFolder(path: model)
    let isRetriever = try folder.configuration(ModelKind.self).isRetriever
    let (checked, deviation) = try isRetriever ? verifyRetriever(folder) : verifyMaskedMixer(folder)
    let report = Report(
      model: model, checked: checked, deviation: deviation, tolerance: 1e-4, passed: deviation <= 1e-4)
    if json.isOn {
      try JSONOutput.print(report)
    } else {
      print(
        "\(report.passed ? "ok" : "FAILED"): \(checked) differ by \(deviation) of the largest value (at most \(report.tolerance))"
      )
    }
    if !report.passed { throw ExitCode(ExitCodes.failed) }
  }

  private func verifyMaskedMixer(_ folder: ModelFolder) throws -> (String, Float) {
    let embedder = try TextEmbedder(folder)
    let window = try embedder.tokenize(text)
    let fast = try embedder.mixer.embed([window], threads: 1)
    let plain = ReferenceForward.floatHiddenStates(
      embedder.mixer, tokens: window.tokens)
    return ("the embedding's values", Self.deviation(fast, plain[plain.count - 2]))
  }

  private func verifyRetriever(_ folder: ModelFolder) throws -> (String, Float) {
    let retriever = try RetrievalMixer(folder)
    let (width, candidates) = (retriever.width, retriever.configuration.candidateCount)
    var generator = SeededGenerator(seed: 1)
    let rows = (0...candidates).map { _ in (0..<width).map { _ in Float(generator.normal()) } }
    let fast = try retriever.score(contexts: 1, threads: 1) { _, destination in
      for (index, row) in rows.enumerated() { (destination + index * width).update(from: row, count: width) }
      return candidates
    }
    let inputs = rows.enumerated().map { retriever.inputs.standardized($1, isQuery: $0 == 0) }
    return ("the scores", Self.deviation(fast[0], ReferenceForward.floatScores(retriever, rows: inputs)))
  }

  private static func deviation(_ left: [Float], _ right: [Float]) -> Float {
    let largest = right.map(abs).max() ?? 0
    return (zip(left, right).map { abs($0 - $1) }.max() ?? 0) / max(largest, .leastNormalMagnitude)
  }
}
