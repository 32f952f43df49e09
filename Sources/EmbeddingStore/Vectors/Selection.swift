/// Finding the largest of different numbers without putting them in order (Hoare's quickselect).
enum Selection {
  /// Moves the `count` largest numbers to the front, in no particular order.
  ///
  /// - Complexity: O(n) on average: where it divides is drawn from a fixed sequence, which no input expects.
  static func moveLargest(_ count: Int, toFrontOf numbers: UnsafeMutableBufferPointer<UInt64>) {
    var (low, high) = (0, numbers.count - 1)
    var state: UInt64 = 0x9E37_79B9_7F4A_7C15
    while low < high {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let pivot = numbers[low + Int(state >> 33) % (high - low + 1)]
      var (left, right) = (low, high)
      while left <= right {
        while numbers[left] > pivot { left += 1 }
        while numbers[right] < pivot { right -= 1 }
        if left <= right {
          numbers.swapAt(left, right)
          left += 1
          right -= 1
        }
      }
      // low … right ≥ pivot ≥ left … high, and what lies between is the pivot.
      if count <= right { high = right } else if count > left { low = left } else { return }
    }
  }
}
