/// A fixed block of memory for numbers, aligned to cache lines, that views point into.
///
/// It is allocated once and freed with its owner; nothing in it is initialised behind the caller's back except by
/// ``init(zeros:)``.
///
/// `@unchecked Sendable`: the buffer itself never moves or changes size. Whoever writes to it owns it alone at
/// that time (parameters while they are loaded, a workspace by its one worker); afterwards it is only read.
public final class AlignedBuffer<Element: BitwiseCopyable & Sendable>: @unchecked Sendable {
  public let base: UnsafeMutablePointer<Element>
  public let count: Int

  /// `count` elements of unspecified value.
  public init(count: Int) {
    precondition(count >= 0)
    self.count = count
    let bytes = UnsafeMutableRawPointer.allocate(
      byteCount: max(1, count) * MemoryLayout<Element>.stride, alignment: 64)
    base = bytes.bindMemory(to: Element.self, capacity: count)
  }

  deinit { UnsafeMutableRawPointer(base).deallocate() }

  public var readOnly: UnsafeBufferPointer<Element> { UnsafeBufferPointer(start: base, count: count) }
  public var mutable: UnsafeMutableBufferPointer<Element> { UnsafeMutableBufferPointer(start: base, count: count) }
}

extension AlignedBuffer where Element: Numeric {
  /// `count` zeros.
  public convenience init(zeros count: Int) {
    self.init(count: count)
    base.initialize(repeating: 0, count: count)
  }
}
