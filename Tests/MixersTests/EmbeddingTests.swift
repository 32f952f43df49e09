import Mixers
import Operations
import Synchronization
import Tensors
import Testing

@Suite(.serialized) struct EmbeddingTests {
  private static let tolerance: Float = 1e-5

  @Test(arguments: [Padding.token, .none], implementations)
  func equalsTheFullWindow(padding: Padding, products: ProductImplementation) throws {
    let model = try RandomModels.maskedMixer(width: 32, blocks: 3, length: 512, padding: padding, products: products)
    let texts = [2, 3, 29, 300, 511, 512, 900].map { RandomModels.tokens($0, seed: UInt64($0)) }
    let expected = texts.flatMap { FullWindow.embedding(model, Array($0.prefix(512))) }
    for threads in [1, 2] {
      let found = try model.embed(texts.map(model.window), threads: threads)
      #expect(relativeError(found, expected) < products.tolerance)
    }
    for (index, text) in texts.enumerated() {
      let alone = try model.embed([model.window(text)], threads: 1)
      #expect(
        relativeError(alone, Array(expected[index * 32..<(index + 1) * 32])) < products.tolerance,
        "\(text.count) tokens")
    }
    let states = FullWindow.hiddenStates(model, tokens: texts[2])
    #expect(relativeError(model.hiddenStates(of: texts[2]), Array(states.suffix(29 * 32))) < products.tolerance)
  }

  /// The quick full window is itself held against the definition.
  @Test(arguments: [Padding.token, .none]) func fullWindowEqualsTheDefinition(padding: Padding) throws {
    let model = try RandomModels.maskedMixer(width: 8, blocks: 2, length: 40, padding: padding)
    let tokens = RandomModels.tokens(11, seed: 5)
    let expected = ReferenceForward.hiddenStates(model.configuration, model.parameters, tokens: tokens)
    let found = FullWindow.hiddenStates(model, tokens: tokens)
    #expect(relativeError(Array(found.suffix(11 * 8)), Array(expected.suffix(11).joined())) < Self.tolerance)
  }

  @Test(arguments: [Padding.token, .none], implementations)
  func companyOrderAndThreadsDoNotMatter(padding: Padding, products: ProductImplementation) throws {
    let model = try RandomModels.maskedMixer(width: 32, blocks: 2, length: 64, padding: padding, products: products)
    let width = model.width
    // More rows than one pack has.
    let texts = try (0..<90).map { try model.window(RandomModels.tokens(2 + $0 * 37 % 80, seed: UInt64($0))) }
    let single = try texts.flatMap { try model.embed([$0], threads: 1) }
    for threads in [1, 2, 3, 7] {
      #expect(relativeError(try model.embed(texts, threads: threads), single) < products.tolerance)
    }
    var generator = SeededGenerator(seed: 6)
    var order = Array(texts.indices)
    generator.shuffle(&order)
    let shuffled = try model.embed(order.map { texts[$0] }, threads: 2)
    #expect(relativeError(shuffled, order.flatMap { single[$0 * width..<($0 + 1) * width] }) < products.tolerance)
    let twice = try model.embed([texts[3], texts[3]])
    let third = Array(single[3 * width..<4 * width])
    #expect(relativeError(twice, third + third) < products.tolerance)
    // Our own products promise more: the same bits.
    if [.panels, .bfloat16Panels].contains(products) { #expect(try model.embed(texts, threads: 2) == single) }
  }

  @Test func repeatedCallsGiveTheSameBits() throws {
    let model = try RandomModels.maskedMixer(length: 64, padding: .none)
    let texts = try (0..<40).map { try model.window(RandomModels.tokens(2 + $0, seed: UInt64($0))) }
    let first = try model.embed(texts, threads: 2)
    for _ in 0..<3 { #expect(try model.embed(texts, threads: 2) == first) }
  }

  @Test(arguments: implementations) func smallestModelsWork(products: ProductImplementation) throws {
    for (blocks, length) in [(1, 24), (2, 2), (1, 2)] {
      let model = try RandomModels.maskedMixer(blocks: blocks, length: length, padding: .token, products: products)
      let tokens = RandomModels.tokens(2, seed: 7)
      let found = try model.embed([model.window(tokens)])
      #expect(relativeError(found, FullWindow.embedding(model, tokens)) < products.tolerance)
    }
  }

  @Test func weightsAboveTheDiagonalAreIgnored() throws {
    let clean = try RandomModels.maskedMixer(padding: .none, seed: 8)
    let configuration = clean.configuration
    // The same seed again: `fill` sets values above the diagonal too, and the model clears them.
    let weights = clean.parameters.pointer("mixerblocks.1.conv.weight")
    for row in 0..<24 {
      for column in 0..<24 { #expect((weights[row * 24 + column] == 0) == (column > row)) }
    }
    let tokens = RandomModels.tokens(24, seed: 9)
    let expected = ReferenceForward.hiddenStates(configuration, clean.parameters, tokens: tokens).flatMap(\.self)
    #expect(relativeError(clean.hiddenStates(of: tokens), expected) < Self.tolerance)
  }

  @Test func nothingToEmbedGivesNothing() throws {
    #expect(try RandomModels.maskedMixer(padding: .none).embed([]).isEmpty)
  }

  @Test func cancellationEndsIt() throws {
    let model = try RandomModels.maskedMixer(padding: .none)
    let cancellation = Cancellation()
    cancellation.request()
    #expect(throws: OperationError.self) {
      try model.embed([model.window([5, 6, 7])], cancellation: cancellation)
    }
  }

  @Test func everyTextIsReportedOnce() throws {
    let model = try RandomModels.maskedMixer(padding: .none)
    let texts = try (0..<200).map { try model.window(RandomModels.tokens(2 + $0 % 22, seed: UInt64($0))) }
    let done = Mutex(0)
    _ = try model.embed(texts, threads: 2) { count in done.withLock { $0 += count } }
    #expect(done.withLock(\.self) == 200)
  }
}
