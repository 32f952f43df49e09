import Mixers
import Tensors
import Testing

@Suite struct CausalityTests {
  /// Exactly, not only to rounding: no later value may enter an earlier sum.
  @Test(arguments: [Padding.token, .none], implementations)
  func laterTokensNeverChangeEarlierStates(padding: Padding, products: ProductImplementation) throws {
    // Longer than the mixing's row blocks.
    let model = try RandomModels.maskedMixer(length: 160, padding: padding, products: products)
    let width = model.width
    for count in [2, 7, 150, 160] {
      let tokens = RandomModels.tokens(count, seed: 3)
      let states = model.hiddenStates(of: tokens)
      for place in Set([0, 1, count / 2, 63, 64, 65, 127, count - 1]) where place < count {
        var changed = tokens
        changed[place] = tokens[place] == 50 ? 51 : 50
        let other = model.hiddenStates(of: changed)
        #expect(other.prefix(place * width) == states.prefix(place * width), "token \(place) of \(count)")
        for row in place..<count {
          // Every later state does change: the mixing weights are dense.
          #expect(other[row * width..<(row + 1) * width] != states[row * width..<(row + 1) * width])
        }
      }
    }
  }

  @Test func theLastTokenNeverChangesTheEmbedding() throws {
    let model = try RandomModels.maskedMixer(padding: .none)
    let tokens = RandomModels.tokens(9, seed: 4)
    let texts = [tokens, tokens.dropLast() + [70], tokens.dropLast() + [71]]
    let embeddings = try texts.map { try model.embed([model.window(Array($0))]) }
    #expect(embeddings[0] == embeddings[1] && embeddings[1] == embeddings[2])
    #expect(try model.embed([model.window([70] + tokens.dropFirst())]) != embeddings[0])
  }
}
