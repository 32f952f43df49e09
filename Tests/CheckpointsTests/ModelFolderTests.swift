import Checkpoints
import Foundation
import Operations
import Tensors
import Testing

@Suite struct ModelFolderTests {
  private struct Shape: Codable, Equatable {
    struct Inner: Codable, Equatable { var depth: Int }
    var width: Int
    var inner: Inner
  }

  private let folder: TemporaryFolder
  private let layout = ParameterLayout([TensorShape("b.weight", [2, 2]), TensorShape("a", [3])])

  init() throws { folder = try TemporaryFolder() }

  private var model: ModelFolder { ModelFolder(folder.url) }

  @Test func configurationIsDecoded() throws {
    _ = try folder.write(Array(#"{"width":3,"inner":{"depth":2},"more":[]}"#.utf8), "config.json")
    #expect(try model.configuration(Shape.self) == Shape(width: 3, inner: .init(depth: 2)))
  }

  @Test(arguments: [
    ("{", "no JSON"), ("", "no JSON"), ("[]", "not of type"), (#"{"width":3}"#, #""inner" is missing"#),
    (#"{"width":3,"inner":{}}"#, #""inner.depth" is missing"#),
    (#"{"width":"3","inner":{"depth":1}}"#, #""width" is not of type"#),
    (#"{"width":null,"inner":{"depth":1}}"#, "null"), (#"{"width":1.5,"inner":{"depth":1}}"#, "no JSON"),
    ("\u{FEFF}\u{0}", "no JSON"),
  ])
  func malformedConfigurationNamesFileAndKey(json: String, expected: String) throws {
    let path = try folder.write(Array(json.utf8), "config.json")
    let error = #expect(throws: CheckpointError.self) { try self.model.configuration(Shape.self) }
    #expect(error?.diagnosis.category == .badInput)
    #expect(error?.diagnosis.location == path)
    #expect(error?.description.contains(expected) == true, "\(error?.description ?? "")")
  }

  @Test func missingFolderAndFilesAreNotFound() throws {
    let nowhere = ModelFolder(path: folder.file("nowhere").path)
    for attempt in [
      { _ = try nowhere.configuration(Shape.self) }, { _ = try self.model.configuration(Shape.self) },
      { _ = try self.model.parameters() },
    ] {
      let error = #expect(throws: CheckpointError.self) { try attempt() }
      #expect(error?.diagnosis.category == .notFound)
    }
  }

  @Test func parametersRoundTripThroughAFile() throws {
    let parameters = ParameterBuffer<Float>(layout)
    for index in 0..<4 { parameters.pointer("b.weight")[index] = Float(index) }
    for index in 0..<3 { parameters.pointer("a")[index] = -Float(index) }
    try parameters.write(to: model.parametersURL, metadata: ["from": "test"])
    let file = try model.parameters()
    #expect(file.metadata == ["from": "test"])
    let read = try ParameterBuffer<Float>(layout, from: file)
    #expect(Array(read.storage.readOnly) == Array(parameters.storage.readOnly))
  }

  @Test func missingOrMisshapenTensorsAreNamed() throws {
    try ParameterBuffer<Float>(layout).write(to: model.parametersURL)
    let file = try model.parameters()
    let missing = #expect(throws: CheckpointError.self) {
      try ParameterBuffer<Float>(ParameterLayout([TensorShape("c", [1])]), from: file)
    }
    #expect(missing?.description.contains("tensor c is missing") == true)
    let misshapen = #expect(throws: CheckpointError.self) {
      try ParameterBuffer<Float>(ParameterLayout([TensorShape("b.weight", [4])]), from: file)
    }
    #expect(
      misshapen?.description.hasSuffix(
        "tensor b.weight: the tensor has another shape than config.json says: expected [4], found [2, 2]") == true)
  }

  @Test func tensorsBeyondTheLayoutAreLeftAlone() throws {
    try ParameterBuffer<Float>(layout).write(to: model.parametersURL)
    let smaller = ParameterLayout([TensorShape("a", [3])])
    #expect(try ParameterBuffer<Float>(smaller, from: model.parameters()).layout == smaller)
  }
}
