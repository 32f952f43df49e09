/// Takes the rows of a set, each once and in any order, and makes one block of them.
final class RowCollector {
  private let width: Int
  private let count: Int
  /// Where the rows are to stay in memory: they themselves; otherwise those that wait to be written.
  private let block: FloatBlock
  private let file: ScratchFile?
  /// The rows that wait are `first ..< first + waiting`.
  private var first = 0
  private var waiting = 0
  private let room: Int

  /// - Parameter inFile: whether the rows go to a scratch file, of which they are mapped, rather than to memory.
  init(count: Int, width: Int, inFile: Bool) throws {
    self.count = count
    self.width = width
    // An empty file cannot be mapped.
    file = inFile && count > 0 ? try ScratchFile() : nil
    room = max(1, (1 << 18) / width)
    block = FloatBlock(count: file == nil ? count * width : room * width)
  }

  func put(_ values: UnsafePointer<Float>, at index: Int) throws {
    guard file != nil else {
      (block.base + index * width).update(from: values, count: width)
      return
    }
    // Ids often ascend in the order in which documents came, so most rows follow the one before.
    if index != first + waiting || waiting == room {
      try flush()
      first = index
    }
    (block.base + waiting * width).update(from: values, count: width)
    waiting += 1
  }

  /// All rows, once each was put.
  func finish() throws -> FloatBlock {
    guard let file else { return block }
    try flush()
    return try file.map(count: count * width)
  }

  private func flush() throws {
    guard waiting > 0, let file else { return }
    let values = UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: block.buffer[..<(waiting * width)]))
    try file.write(values, at: first * width * MemoryLayout<Float>.stride)
    waiting = 0
  }
}
