internal import Foundation

/// A fixed block of memory for numbers, aligned to cache lines, that views point into.
///
/// It is allocated once and freed with its owner. A pointer into it does not keep it alive, and a local array of
/// buffers may end at its last mention: hold on to them with `withExtendedLifetime` while pointers are used. Nothing in it is initialised behind the caller's back except by
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
    let size = max(1, count) * MemoryLayout<Element>.stride
    // Weights in huge pages load with a hundredth of the page faults and miss the address cache less.
    let isLarge = size >= 2 * HugePages.size
    let bytes = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: isLarge ? HugePages.size : 64)
    if isLarge { HugePages.advise(bytes, size) }
    base = bytes.bindMemory(to: Element.self, capacity: count)
  }

  deinit { UnsafeMutableRawPointer(base).deallocate() }

  /// A copy of a part of the elements, by default of all.
  public func array(_ range: Range<Int>? = nil) -> [Element] {
    withExtendedLifetime(self) { Array(UnsafeBufferPointer(rebasing: readOnly[range ?? 0..<count])) }
  }

  public var readOnly: UnsafeBufferPointer<Element> { UnsafeBufferPointer(start: base, count: count) }
  public var mutable: UnsafeMutableBufferPointer<Element> { UnsafeMutableBufferPointer(start: base, count: count) }
}

/// Memory in pages of 2 MiB, where the system offers them for the asking.
private enum HugePages {
  static let size = 2 << 20

  /// Advice only: the memory works the same when it is not followed.
  static func advise(_ memory: UnsafeMutableRawPointer, _ size: Int) {
    #if os(Linux)
      madvise(memory, size, Int32(MADV_HUGEPAGE))
    #endif
  }
}

extension AlignedBuffer where Element: Numeric {
  /// `count` zeros.
  public convenience init(zeros count: Int) {
    self.init(count: count)
    base.initialize(repeating: 0, count: count)
  }
}
