import Checkpoints
import Mixers
import Tensors
import Testing

@Suite(.serialized) struct MaskedMixerGoldenTests {
  private static let tolerance: Float = 1e-5

  private struct Case {
    let model: MaskedMixer
    let golden: SafetensorsFile
    /// The real tokens of each row.
    let texts: [[Int32]]
    var length: Int { model.configuration.contextLength }

    init(_ padding: Padding, _ products: ProductImplementation = .preferred) throws {
      let name = "masked-mixer-padding-\(padding.rawValue)"
      model = try MaskedMixer(Golden.model(name), products: products)
      golden = try Golden.values(name)
      let ids = try golden.integers("input_ids")
      let length = model.configuration.contextLength
      texts = try golden.integers("lengths").enumerated().map { row, count in
        ids[(row + 1) * length - Int(count)..<(row + 1) * length].map { Int32($0) }
      }
    }

    /// The values of the tensor at the real positions of text `row`, `width` values each.
    func real(_ tensor: String, row: Int, width: Int) throws -> [Float] {
      let values = try golden.floats(tensor)
      let end = (row + 1) * length * width
      return Array(values[end - texts[row].count * width..<end])
    }
  }

  @Test(arguments: [Padding.token, .none], implementations)
  func hiddenStatesEqualPyTorch(padding: Padding, products: ProductImplementation) throws {
    let test = try Case(padding, products)
    for (row, text) in test.texts.enumerated() {
      let expected = try test.real("hidden", row: row, width: test.model.width)
      #expect(relativeError(test.model.hiddenStates(of: text), expected) < products.tolerance)
    }
  }

  @Test(arguments: [Padding.token, .none]) func logitsEqualPyTorch(padding: Padding) throws {
    let test = try Case(padding)
    for (row, text) in test.texts.enumerated() {
      let expected = try test.real("logits", row: row, width: test.model.configuration.vocabularySize)
      #expect(relativeError(test.model.logits(of: text), expected) < Self.tolerance)
    }
  }

  @Test(arguments: [Padding.token, .none], implementations)
  func embeddingsEqualPyTorch(padding: Padding, products: ProductImplementation) throws {
    let test = try Case(padding, products)
    for threads in [1, 2] {
      let found = try test.model.embed(test.texts.map(test.model.window), threads: threads)
      #expect(relativeError(found, try test.golden.floats("embedding")) < products.tolerance)
    }
  }

  @Test(arguments: [Padding.token, .none]) func lossEqualsPyTorch(padding: Padding) throws {
    let test = try Case(padding)
    let vocabulary = test.model.configuration.vocabularySize
    var rows: [(logits: [Float], target: Int)] = []
    for text in test.texts {
      // With padding `token` the last pad predicts the first token; padding before it is an ordinary token.
      let hasPad = padding == .token && text.count < test.length
      let tokens = hasPad ? [test.model.configuration.padTokenID] + text : text
      let logits = test.model.logits(of: tokens)
      for position in 0..<tokens.count - 1 {
        rows.append((Array(logits[position * vocabulary..<(position + 1) * vocabulary]), Int(tokens[position + 1])))
      }
    }
    #expect(relativeError([crossEntropy(rows)], try test.golden.floats("loss")) < Self.tolerance)
  }

  @Test(arguments: [Padding.token, .none]) func referenceEqualsPyTorch(padding: Padding) throws {
    let test = try Case(padding)
    for (row, text) in test.texts.enumerated() {
      let states = ReferenceForward.hiddenStates(test.model.configuration, test.model.parameters, tokens: text)
      let found = states.suffix(text.count).flatMap(\.self)
      let expected = try test.real("hidden", row: row, width: test.model.width)
      #expect(relativeError(found, expected) < Self.tolerance)
      if padding == .token {  // the padded positions count, too
        let all = try test.golden.floats("hidden")
        let count = test.length * test.model.width
        #expect(relativeError(states.flatMap(\.self), Array(all[row * count..<(row + 1) * count])) < Self.tolerance)
      }
    }
  }
}
