import Mixers
import Operations
import Tensors
import Testing

@Suite struct RetrievalMixerTests {
  private static let tolerance: Float = 1e-5

  private static func reference(_ model: RetrievalMixer, _ rows: [Float]) -> [Float] {
    ReferenceForward.scores(
      model.configuration, model.parameters,
      rows: (0..<model.configuration.contextWidth).map { Array(rows[$0 * model.width..<($0 + 1) * model.width]) })
  }

  private static func score(
    _ model: RetrievalMixer, _ contexts: [[Float]], threads: Int = 1
  ) throws -> [[Float]] {
    try model.score(contexts: contexts.count, threads: threads) { [width = model.width] index, rows in
      contexts[index].withUnsafeBufferPointer { rows.update(from: $0.baseAddress!, count: $0.count) }
      return contexts[index].count / width - 1
    }
  }

  @Test(arguments: [(1, 2), (1, 16), (3, 16), (2, 65)], implementations)
  func foldedHeadEqualsTheReference(shape: (blocks: Int, contextWidth: Int), products: ProductImplementation) throws {
    let (blocks, width) = shape
    let model = try RandomModels.retrievalMixer(width: 24, blocks: blocks, contextWidth: width, products: products)
    let rows = RandomModels.values(width * 24, seed: 1)
    // A single score may be near zero: the error is taken relative to at least 1.
    let (found, expected) = (try Self.score(model, [rows])[0] + [1], Self.reference(model, rows) + [1])
    #expect(relativeError(found, expected) < products.tolerance)
  }

  @Test func contextsDoNotDependOnEachOtherOrOnThreads() throws {
    let model = try RandomModels.retrievalMixer()
    let contexts = (0..<9).map { RandomModels.values(16 * 32, seed: UInt64($0)) }
    let single = try contexts.map { try Self.score(model, [$0])[0] }
    for threads in [1, 2, 5] {
      let together = try Self.score(model, contexts, threads: threads)
      #expect(relativeError(together.flatMap(\.self), single.flatMap(\.self)) < Self.tolerance)
    }
  }

  @Test func everyCandidateInfluencesEveryScore() throws {
    let model = try RandomModels.retrievalMixer()
    let rows = RandomModels.values(16 * 32, seed: 3)
    let scores = try Self.score(model, [rows])[0]
    for row in [0, 1, 15] {
      var changed = rows
      changed[row * 32] += 1
      #expect(zip(try Self.score(model, [changed])[0], scores).allSatisfy { $0 != $1 })
    }
  }

  @Test func freeSlotsHoldTheFillersAndHaveNoScore() throws {
    let (width, candidates) = (32, 15)
    let fillers = RandomModels.values(candidates * width, seed: 4)
    let model = try RandomModels.retrievalMixer(inputs: RetrievalInputs(width: width, fillers: fillers))
    for filled in [0, 1, 7, 15] {
      let rows = RandomModels.values((1 + filled) * width, seed: 5)
      let scores = try Self.score(model, [rows])[0]
      #expect(scores.count == filled)
      let whole = rows + fillers[filled * width..<candidates * width]
      let expected = Array(Self.reference(model, whole).prefix(filled))
      if filled > 0 { #expect(relativeError(scores, expected) < Self.tolerance) }
    }
  }

  @Test func freeSlotsAreZeroWithoutFillers() throws {
    let model = try RandomModels.retrievalMixer()
    let rows = RandomModels.values(4 * 32, seed: 6)
    let whole = rows + [Float](repeating: 0, count: 12 * 32)
    // A used workspace must not shine through.
    _ = try Self.score(model, [RandomModels.values(16 * 32, seed: 7)])
    #expect(
      relativeError(try Self.score(model, [rows])[0], Array(Self.reference(model, whole).prefix(3))) < Self.tolerance)
  }

  @Test func rowsAreStandardisedFillersIncluded() throws {
    let (width, candidates) = (32, 15)
    func standardization(_ seed: UInt64) -> RetrievalInputs.Standardization {
      .init(
        mean: RandomModels.values(width, seed: seed),
        scale: RandomModels.values(width, seed: seed + 1).map { abs($0) + 0.5 })
    }
    func apply(_ standardization: RetrievalInputs.Standardization, _ row: ArraySlice<Float>) -> [Float] {
      row.enumerated().map { ($1 - standardization.mean[$0]) / standardization.scale[$0] }
    }
    let (forCandidates, forQueries) = (standardization(10), standardization(20))
    let fillers = RandomModels.values(candidates * width, seed: 8)
    let rows = RandomModels.values(6 * width, seed: 9)
    for own in [forQueries, nil] {
      let model = try RandomModels.retrievalMixer(
        inputs: RetrievalInputs(
          width: width, fillers: fillers, candidateStandardization: forCandidates, queryStandardization: own))
      let raw = rows + fillers[5 * width..<candidates * width]
      let whole =
        apply(own ?? forCandidates, raw[0..<width])
        + (1...candidates).flatMap { apply(forCandidates, raw[$0 * width..<($0 + 1) * width]) }
      let expected = Array(Self.reference(model, whole).prefix(5))
      #expect(relativeError(try Self.score(model, [rows])[0], expected) < Self.tolerance)
    }
  }

  @Test func cancellationEndsIt() throws {
    let model = try RandomModels.retrievalMixer()
    let cancellation = Cancellation()
    cancellation.request()
    #expect(throws: OperationError.self) {
      try model.score(contexts: 2, cancellation: cancellation) { _, _ in 0 }
    }
    #expect(try model.score(contexts: 0) { _, _ in 0 }.isEmpty)
  }
}
