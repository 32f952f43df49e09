import Checkpoints
import Foundation
import Mixers
import Operations
import Tensors
import Testing

@Suite final class ModelLoadingTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("mixers-\(UUID().uuidString)")

  init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }

  deinit { try? FileManager.default.removeItem(at: folder) }

  private func write(_ configuration: some Encodable, _ parameters: ParameterBuffer<Float>? = nil) throws {
    try JSONEncoder().encode(configuration).write(to: ModelFolder(folder).configurationURL)
    try parameters?.write(to: ModelFolder(folder).parametersURL)
  }

  private let small = MaskedMixerConfiguration(vocabularySize: 20, hiddenSize: 4, blockCount: 1, contextLength: 6)

  @Test func weightsAboveTheDiagonalInTheFileAreIgnored() throws {
    let parameters = ParameterBuffer<Float>(MixerLayout.maskedMixer(small))
    RandomModels.fill(parameters, seed: 1, mixingScale: 0.5)
    #expect(parameters.pointer("mixerblocks.0.conv.weight")[1] != 0)
    try write(small, parameters)
    let loaded = try MaskedMixer(ModelFolder(folder))
    #expect(loaded.parameters.pointer("mixerblocks.0.conv.weight")[1] == 0)
    parameters.pointer("mixerblocks.0.conv.weight")[1] += 5
    try write(small, parameters)
    let other = try MaskedMixer(ModelFolder(folder))
    #expect(other.hiddenStates(of: [5, 6, 7, 8, 9, 10]) == loaded.hiddenStates(of: [5, 6, 7, 8, 9, 10]))
    #expect(other.fingerprint(tokenizer: Data()) == loaded.fingerprint(tokenizer: Data()))
  }

  @Test func fingerprintIgnoresTheHeadAndSeesEverythingElse() throws {
    func fingerprint(_ configuration: MaskedMixerConfiguration, changing name: String?, tokenizer: String = "t") throws
      -> Fingerprint
    {
      let parameters = ParameterBuffer<Float>(MixerLayout.maskedMixer(configuration))
      RandomModels.fill(parameters, seed: 1, mixingScale: 0.5)
      if let name { parameters.pointer(name)[0] += 1 }
      return try MaskedMixer(configuration, parameters: parameters).fingerprint(tokenizer: Data(tokenizer.utf8))
    }
    let original = try fingerprint(small, changing: nil)
    #expect(try fingerprint(small, changing: "lm_head.weight") == original)
    for tensor in MixerLayout.maskedMixer(small).tensors where tensor.name != "lm_head.weight" {
      #expect(try fingerprint(small, changing: tensor.name) != original, "\(tensor.name)")
    }
    #expect(try fingerprint(small, changing: nil, tokenizer: "u") != original)
    var changed = small
    changed.appendsEndOfText.toggle()
    #expect(try fingerprint(changed, changing: nil) != original)
    changed = small
    changed.padding = .token
    #expect(try fingerprint(changed, changing: nil) != original)
    changed = small
    changed.padTokenID = 3
    #expect(try fingerprint(changed, changing: nil) != original)
  }

  @Test func configurationsOutOfRangeNameTheKey() throws {
    func refuses(_ key: String, _ change: (inout MaskedMixerConfiguration) -> Void) throws {
      var configuration = small
      change(&configuration)
      try write(configuration)
      let error = #expect(throws: MixersError.self) { try MaskedMixer(ModelFolder(self.folder)) }
      #expect(error?.description.contains(key) == true)
      #expect(error?.diagnosis.location == ModelFolder(folder).configurationURL.path)
    }
    try refuses("vocab_size") { $0.vocabularySize = 0 }
    try refuses("hidden_size") { $0.hiddenSize = -4 }
    try refuses("hidden_size") { $0.hiddenSize = .max }
    try refuses("num_hidden_layers") { $0.blockCount = 0 }
    try refuses("context_length") { $0.contextLength = 1 }
    try refuses("pad_token_id") { $0.padTokenID = 20 }
    try refuses("pad_token_id") { $0.padTokenID = -1 }
    try refuses("embedding_position") { $0.embeddingPosition = -1 }
    try refuses("architecture") { $0.architectures = ["LlamaForCausalLM"] }
    try refuses("architecture") { $0.architectures = [] }
  }

  @Test func hugeModelsAreRefusedBeforeTheirMemoryIsTaken() throws {
    var huge = small
    (huge.vocabularySize, huge.hiddenSize, huge.blockCount, huge.contextLength) = (16_777_216, 65_536, 1_024, 65_536)
    try write(huge, ParameterBuffer(MixerLayout.maskedMixer(small)))
    #expect(throws: CheckpointError.self) { try MaskedMixer(ModelFolder(self.folder)) }
  }

  @Test func wrongShapesAndMissingTensorsAreNamed() throws {
    try write(small, ParameterBuffer(MixerLayout.maskedMixer(small)))
    for change: (inout MaskedMixerConfiguration) -> Void in [
      { $0.vocabularySize = 21 }, { $0.hiddenSize = 8 }, { $0.contextLength = 7 }, { $0.blockCount = 2 },
    ] {
      var configuration = small
      change(&configuration)
      try write(configuration)
      let error = #expect(throws: CheckpointError.self) { try MaskedMixer(ModelFolder(self.folder)) }
      #expect(error?.diagnosis.category == .badInput)
      #expect(error?.description.contains("tensor") == true)
    }
  }

  @Test func retrieverExtrasAreRead() throws {
    let configuration = RetrievalMixerConfiguration(hiddenSize: 4, blockCount: 1, contextWidth: 3)
    let layout = MixerLayout.retrievalMixer(configuration)
    func load(_ extras: [TensorShape], _ value: (Int) -> Float = { Float($0 + 1) }) throws -> RetrievalMixer {
      let parameters = ParameterBuffer<Float>(ParameterLayout(layout.tensors + extras))
      RandomModels.fill(parameters, seed: 1, mixingScale: 0.5)
      for extra in extras { for index in 0..<extra.count { parameters.pointer(extra.name)[index] = value(index) } }
      try write(configuration, parameters)
      return try RetrievalMixer(ModelFolder(folder))
    }
    let plain = try load([])
    #expect(plain.inputs.fillers == [Float](repeating: 0, count: 8))
    #expect(plain.inputs.candidateStandardization == nil && plain.projection == nil)
    let full = try load([
      TensorShape("filler_embeddings", [2, 4]), TensorShape("input_mean", [4]), TensorShape("input_scale", [4]),
      TensorShape("projection.query.weight", [3, 4]), TensorShape("projection.target.weight", [3, 4]),
    ])
    #expect(full.inputs.fillers == [1, 2, 3, 4, 5, 6, 7, 8])
    #expect(full.inputs.candidateStandardization == .init(mean: [1, 2, 3, 4], scale: [1, 2, 3, 4]))
    #expect(full.inputs.queryStandardization == full.inputs.candidateStandardization)
    let projection = try #require(full.projection)
    #expect(projection.inputWidth == 4 && projection.outputWidth == 3)
    #expect(projection.projectQueries([1, 0, 0, 0, 0, 1, 0, 0], rows: 2) == [1, 5, 9, 2, 6, 10])
    #expect(projection.projectTargets([0, 0, 0, 1], rows: 1) == [4, 8, 12])
    for (wrong, name) in [
      ([TensorShape("filler_embeddings", [3, 4])], "filler_embeddings"),
      ([TensorShape("input_mean", [4])], "input_mean"),
      ([TensorShape("input_scale", [4])], "input_mean"), ([TensorShape("query_scale", [4])], "query_mean"),
      ([TensorShape("input_mean", [4]), TensorShape("input_scale", [5])], "input_scale"),
      ([TensorShape("projection.query.weight", [3, 4])], "projection"),
      (
        [TensorShape("projection.query.weight", [3, 4]), TensorShape("projection.target.weight", [2, 4])], "projection"
      ),
      (
        [TensorShape("projection.query.weight", [3, 5]), TensorShape("projection.target.weight", [3, 5])], "projection"
      ),
    ] {
      let error = #expect(throws: (any Error).self) { try load(wrong) }
      #expect("\(error.map { "\($0)" } ?? "")".contains(name), "\(error.map { "\($0)" } ?? "")")
    }
    #expect(throws: MixersError.self) {
      try load([TensorShape("input_mean", [4]), TensorShape("input_scale", [4])]) { Float($0) - 1 }
    }
  }

  @Test func retrieverConfigurationKeepsWhatIsKnownAboutItsUse() throws {
    var configuration = RetrievalMixerConfiguration(hiddenSize: 4, blockCount: 1, contextWidth: 3)
    configuration.maskedMixerFingerprint = "ab"
    configuration.automaticMode = .init(mode: "hybrid", split: "dev", accuracy: ["bm25": 0.5])
    let decoded = try JSONDecoder().decode(RetrievalMixerConfiguration.self, from: JSONEncoder().encode(configuration))
    #expect(decoded == configuration)
    #expect(decoded.candidateCount == 2)
    for change: (inout RetrievalMixerConfiguration) -> Void in [
      { $0.contextWidth = 1 }, { $0.hiddenSize = 0 }, { $0.blockCount = 0 }, { $0.architectures = ["MaskedMixer"] },
    ] {
      var wrong = configuration
      change(&wrong)
      #expect(throws: MixersError.self) { try wrong.validate() }
    }
  }
}
