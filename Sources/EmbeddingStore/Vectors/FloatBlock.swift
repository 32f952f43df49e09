/// A fixed block of floats on a cache line's boundary, written once before it is shared.
///
/// `@unchecked Sendable`: whoever makes a block fills it before handing it on, and nothing writes to it afterwards.
final class FloatBlock: @unchecked Sendable {
  let base: UnsafeMutablePointer<Float>
  let count: Int

  /// Uninitialised: the maker writes every value.
  init(count: Int) {
    self.count = count
    let bytes = max(count, 1) * MemoryLayout<Float>.stride
    base = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64).bindMemory(
      to: Float.self, capacity: max(count, 1))
  }

  deinit { UnsafeMutableRawPointer(base).deallocate() }

  var buffer: UnsafeBufferPointer<Float> { UnsafeBufferPointer(start: base, count: count) }
}
