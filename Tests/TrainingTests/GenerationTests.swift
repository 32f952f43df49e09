import Mixers
import Operations
import Tensors
import Testing

@testable import Mixers
@testable import Training

/// Generation with cached states equals the full forward pass of the whole text.
@Suite struct GenerationTests {
  @Test(arguments: [Padding.none, .token], [5, 12]) func equalsTheFullForward(padding: Padding, length: Int) throws {
    let configuration = MaskedMixerConfiguration(
      vocabularySize: 23, hiddenSize: 8, blockCount: 3, contextLength: 12, padding: padding)
    let layout = MixerLayout.maskedMixer(configuration)
    let model = try MaskedMixer(configuration, parameters: .random(layout, seed: 4))
    let tokens: [Int32] = [5, 3, 17, 9, 11, 4, 22, 8, 7, 13, 12, 6].prefix(length).map { $0 }
    let expected = model.logits(of: tokens)
    // The first three at once, the others one by one.
    var states = IncrementalStates(model, plannedLength: length)
    var rows = [(2, states.append(Array(tokens[..<3])))]
    for index in 3..<length { rows.append((index, states.append([tokens[index]]))) }
    for (row, logits) in rows {
      let full = expected[row * 23..<(row + 1) * 23]
      #expect(zip(logits, full).allSatisfy { abs($0 - $1) < 1e-4 }, "row \(row)")
    }
  }

  @Test func greedyGenerationFollowsTheFullForward() throws {
    let model = try MaskedMixer(
      Tiny.configuration, parameters: .random(MixerLayout.maskedMixer(Tiny.configuration), seed: 5))
    var generation = try TextGeneration(model, prompt: [4, 9], length: 9, endOfText: nil)
    while generation.next() != nil {}
    let tokens = generation.tokens
    #expect(tokens.count == 9)
    let logits = model.logits(of: tokens)
    for row in 1..<8 {
      let own = logits[row * 23..<(row + 1) * 23]
      #expect(own[own.startIndex + Int(tokens[row + 1])] > (own.max() ?? 0) - 1e-4)
    }
  }

  @Test func generationStopsAtTheEndOfTheText() throws {
    let parameters = ParameterBuffer<Float>.random(MixerLayout.maskedMixer(Tiny.configuration), seed: 5)
    let model = try MaskedMixer(Tiny.configuration, parameters: parameters)
    var free = try TextGeneration(model, prompt: [4], endOfText: nil)
    let next = free.next()
    let first = try #require(next)
    var stopped = try TextGeneration(model, prompt: [4], endOfText: first)
    let (end, after) = (stopped.next(), stopped.next())
    #expect(end == nil && after == nil)
    let tokens = stopped.tokens
    #expect(tokens == [4])
  }

  @Test func promptsThatCannotBeContinuedAreRefused() throws {
    let model = try MaskedMixer(
      Tiny.configuration, parameters: .random(MixerLayout.maskedMixer(Tiny.configuration), seed: 5))
    #expect(throws: MixersError.self) { _ = try TextGeneration(model, prompt: [], endOfText: 2) }
    #expect(throws: MixersError.self) { _ = try TextGeneration(model, prompt: [23], endOfText: 2) }
    #expect(throws: MixersError.self) { _ = try TextGeneration(model, prompt: [3, 4, 5], length: 3, endOfText: 2) }
    #expect(throws: MixersError.self) { _ = try TextGeneration(model, prompt: [3], length: 13, endOfText: 2) }
  }

  @Test func choices() {
    var generator = SeededGenerator(seed: 1)
    let logits: [Float] = [0, 3, 1, 3, -2]
    #expect(TokenChoice.greedy.token(logits, &generator) == 1)
    var counts = [Int](repeating: 0, count: 5)
    for _ in 0..<4000 { counts[Int(TokenChoice.sampled(temperature: 1).token(logits, &generator))] += 1 }
    #expect(abs(Double(counts[1]) / 4000 - 0.450) < 0.03 && counts[4] < 40 && counts[0] > 20)
    for _ in 0..<100 {
      #expect([1, 3].contains(TokenChoice.sampled(temperature: 1, top: 2).token(logits, &generator)))
      #expect([1, 3].contains(TokenChoice.sampled(temperature: 1, mass: 0.8).token(logits, &generator)))
      #expect(TokenChoice.sampled(temperature: 0).token(logits, &generator) == 1)
    }
  }
}
