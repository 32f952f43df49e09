import Operations
import Testing

@testable import EmbeddingStore

@Suite struct SelectionTests {
  @Test func theLargestComeToTheFront() {
    var generator = SeededGenerator(seed: 5)
    for length in [1, 2, 3, 4, 5, 17, 100, 1000] {
      let orders: [[UInt64]] = [
        (0..<length).map { _ in generator.next() }, (0..<length).map(UInt64.init),
        (0..<length).reversed().map(UInt64.init),
      ]
      for numbers in orders {
        for count in Set([0, 1, length / 3, length / 2, length - 1, length]) {
          var moved = numbers
          moved.withUnsafeMutableBufferPointer { Selection.moveLargest(count, toFrontOf: $0) }
          #expect(moved.prefix(count).sorted(by: >) == Array(numbers.sorted(by: >).prefix(count)))
          #expect(moved.sorted() == numbers.sorted())
        }
      }
    }
  }
}
