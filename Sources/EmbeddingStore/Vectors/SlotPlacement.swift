/// Which slot of its collection each row of a ``VectorSet`` came from, and the other way round.
struct SlotPlacement: Sendable {
  /// For each row.
  let slots: [Int32]
  /// For each slot, its row, or −1 where it is free.
  let indices: [Int32]

  /// - Precondition: slots are different and in `0 ..< slotCount`.
  init(slots: [Int32], slotCount: Int) {
    self.slots = slots
    var indices = [Int32](repeating: -1, count: slotCount)
    for (index, slot) in slots.enumerated() { indices[Int(slot)] = Int32(index) }
    self.indices = indices
  }

  var byteCount: Int { (slots.count + indices.count) * MemoryLayout<Int32>.stride }

  /// The row in a slot, or nil.
  func index(at slot: Int) -> Int? {
    guard slot < indices.count, indices[slot] >= 0 else { return nil }
    return Int(indices[slot])
  }
}
