internal import Foundation

/// A fixed block of values on a cache line's boundary, written once before it is shared.
///
/// `@unchecked Sendable`: whoever makes a block fills it before handing it on, and nothing writes to it afterwards.
final class MemoryBlock<Element: BitwiseCopyable>: @unchecked Sendable {
  let base: UnsafeMutablePointer<Element>
  let count: Int
  /// Whether the values lie in a file that is mapped: the system may take their memory back, and reads them again.
  let isMapped: Bool

  var byteCount: Int { count * MemoryLayout<Element>.stride }

  var buffer: UnsafeBufferPointer<Element> { UnsafeBufferPointer(start: base, count: count) }

  /// Uninitialised: the maker writes every value.
  init(count: Int) {
    self.count = count
    isMapped = false
    let bytes = max(count, 1) * MemoryLayout<Element>.stride
    let isHuge = bytes >= Self.hugePage
    let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: isHuge ? Self.hugePage : 64)
    // Pages of 2 MiB spare the processor most of its address look-ups; where the system has none, nothing is lost.
    if isHuge { _ = madvise(memory, bytes / Self.hugePage * Self.hugePage, Int32(MADV_HUGEPAGE)) }
    base = memory.bindMemory(to: Element.self, capacity: max(count, 1))
  }

  /// Takes over a mapping of a file, from its start.
  init(mapping: UnsafeMutableRawPointer, count: Int) {
    self.count = count
    isMapped = true
    base = mapping.bindMemory(to: Element.self, capacity: count)
  }

  deinit {
    if isMapped { munmap(base, byteCount) } else { UnsafeMutableRawPointer(base).deallocate() }
  }

  /// Announces that values will be read soon, in order; of use only where they are mapped.
  func prepare(_ range: Range<Int>) {
    guard isMapped else { return }
    let size = MemoryLayout<Element>.stride
    let page = Int(getpagesize())
    let first = range.lowerBound * size / page * page
    _ = madvise(UnsafeMutableRawPointer(base) + first, range.upperBound * size - first, Int32(MADV_WILLNEED))
  }

  /// Lets go of a mapping's memory; what is read afterwards comes from the file, or the system's copy of it.
  func release() {
    guard isMapped else { return }
    _ = madvise(base, byteCount, Int32(MADV_DONTNEED))
  }

  private static var hugePage: Int { 2 << 20 }
}

typealias FloatBlock = MemoryBlock<Float>
