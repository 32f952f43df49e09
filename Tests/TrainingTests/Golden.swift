import Checkpoints
import Foundation
import Tensors

@testable import Mixers

/// The PyTorch values in Tests/Golden.
struct Golden {
  let folder: ModelFolder
  let values: SafetensorsFile

  init(_ name: String) throws {
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    folder = ModelFolder(tests.appendingPathComponent("Golden").appendingPathComponent(name))
    values = try SafetensorsFile(path: folder.url.appendingPathComponent("golden.safetensors").path)
  }

  func loss() throws -> Double { Double(try values.floats("loss")[0]) }
  func losses() throws -> [Double] { try values.floats("losses").map(Double.init) }

  func parameters<Scalar: GradientScalar>(_ layout: ParameterLayout, as: Scalar.Type) throws -> ParameterBuffer<Scalar>
  {
    let stored = try ParameterBuffer<Float>(layout, from: folder.parameters())
    let result = ParameterBuffer<Scalar>(layout)
    for index in 0..<layout.count { result.storage.base[index] = Scalar(stored.storage.base[index]) }
    return result
  }

  /// The largest difference between a gradient and its golden value, relative to the model's largest gradient.
  func worstGradientError<Scalar: GradientScalar>(_ gradients: ParameterBuffer<Scalar>) throws -> (String, Double) {
    var largest = 0.0
    var worst = ("", 0.0)
    for tensor in gradients.layout.tensors {
      let expected = try values.floats("gradient.\(tensor.name)")
      for (value, own) in zip(expected, gradients.values(tensor)) {
        largest = max(largest, abs(Double(value)))
        let error = abs(Double(value) - Double(own))
        if !(error <= worst.1) { worst = (tensor.name, error) }
      }
    }
    return (worst.0, worst.1 / largest)
  }

  /// The texts of `input_ids` without their padding.
  func texts(_ configuration: MaskedMixerConfiguration) throws -> [TokenWindow] {
    let ids = try values.integers("input_ids")
    return try values.integers("lengths").enumerated().map { row, length in
      let start = (row + 1) * configuration.contextLength
      return try TokenWindow(
        ids[start - Int(length)..<start].map { Int32($0) }, endOfText: nil, configuration: configuration)
    }
  }
}

/// Everything that one worker needs for a masked mixer.
struct MaskedMixerWorker<Scalar: GradientScalar> {
  let model: MaskedMixerTraining<Scalar>
  let tape: MixerTape<Scalar>
  let scratch: MixerScratch<Scalar>
  let head: LanguageModelHead<Scalar>
  /// nil: the products are those with the weights as they are.
  let weights: StepWeights<Scalar>?

  /// - Parameter products: with the step's weights packed for them.
  init(
    _ configuration: MaskedMixerConfiguration, rows: Int, headRows: Int = 7, products: ProductImplementation? = nil
  ) {
    let precision = products?.precision ?? .float32
    let model = MaskedMixerTraining<Scalar>(configuration)
    self.model = model
    tape = MixerTape(
      width: configuration.hiddenSize, blockCount: configuration.blockCount, rowCapacity: rows, precision: precision)
    scratch = MixerScratch(width: configuration.hiddenSize, rowCapacity: rows, precision: precision)
    head = LanguageModelHead(configuration, chunkRows: headRows, precision: precision)
    weights = products.map { model.makeStepWeights(products: $0) }
  }

  /// The mean loss of a pack; gradients of the mean are added to `gradients`.
  func loss(
    _ pack: TokenPack, _ parameters: ParameterBuffer<Scalar>, _ gradients: ParameterBuffer<Scalar>? = nil,
    dropout: Dropout? = nil
  ) throws -> Double {
    try weights?.update(from: parameters, threads: 1)
    let scale = 1 / Double(pack.targetCount)
    let loss = model.languageModelLoss(
      pack, parameters: parameters, gradients: gradients, scale: scale, dropout: dropout,
      weights: weights, tape: tape, scratch: scratch, head: head)
    if let gradients { model.clearAboveDiagonal(gradients) }
    return loss * scale
  }
}
