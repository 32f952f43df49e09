import Tensors
import Testing

@Suite struct ParameterLayoutTests {
  private let layout = ParameterLayout([
    TensorShape("a", [3, 5]), TensorShape("scalar", []), TensorShape("b", [16]), TensorShape("c", [17]),
  ])

  @Test func tensorsStartAtCacheLinesAndDoNotOverlap() {
    var end = 0
    for tensor in layout.tensors {
      let offset = layout.offset(of: tensor.name)
      #expect(offset >= end && offset.isMultiple(of: 16))
      end = offset + tensor.count
    }
    #expect(layout.count >= end && layout.count == 16 + 16 + 16 + 32)
    #expect(layout.contains("c") && !layout.contains("d"))
  }

  @Test func buffersAreZeroAndAligned() {
    let buffer = ParameterBuffer<Float>(layout)
    #expect(buffer.storage.readOnly.allSatisfy { $0 == 0 })
    #expect(UInt(bitPattern: buffer.pointer("b")).isMultiple(of: 64))
    #expect(buffer.values(layout.tensors[3]).count == 17)
  }

  @Test func gapsBetweenTensorsAreZeroEvenWithoutInitialisation() {
    let buffer = ParameterBuffer<Float>(uninitialized: layout)
    for tensor in layout.tensors { buffer.values(tensor).update(repeating: 0) }
    #expect(buffer.storage.readOnly.allSatisfy { $0 == 0 })
  }

  @Test func copiesOfPartsAreArrays() {
    let buffer = AlignedBuffer<Int>(zeros: 4)
    for index in 0..<4 { buffer.base[index] = index }
    #expect(buffer.array() == [0, 1, 2, 3])
    #expect(buffer.array(1..<3) == [1, 2])
    #expect(AlignedBuffer<Int>(count: 0).array().isEmpty)
  }
}
