/// Which documents have a band key: an open-addressing hash table of eight bytes a slot, because a corpus of
/// millions has tens of these.
struct BandTable {
  /// Documents looked at for one key: boilerplate shared by thousands must not make the search quadratic.
  static let candidateLimit = 256

  private var keys: [UInt32]
  /// Document + 1; 0 marks a free slot.
  private var documents: [UInt32]
  private var count = 0

  init() {
    keys = Array(repeating: 0, count: 64)
    documents = Array(repeating: 0, count: 64)
  }

  func forEachDocument(with key: UInt32, _ body: (Int) -> Void) {
    var slot = home(of: key)
    var found = 0
    while documents[slot] != 0, found < Self.candidateLimit {
      if keys[slot] == key {
        body(Int(documents[slot] - 1))
        found += 1
      }
      slot = slot + 1 == keys.count ? 0 : slot + 1
    }
  }

  mutating func insert(_ document: Int, key: UInt32) {
    if count * 3 >= keys.count * 2 { grow() }
    place(UInt32(document + 1), key)
  }

  private mutating func place(_ document: UInt32, _ key: UInt32) {
    var slot = home(of: key)
    var same = 0
    while documents[slot] != 0 {
      if keys[slot] == key { same += 1 }
      // Never looked at, so it need not be kept.
      if same >= Self.candidateLimit { return }
      slot = slot + 1 == keys.count ? 0 : slot + 1
    }
    keys[slot] = key
    documents[slot] = document
    count += 1
  }

  private mutating func grow() {
    let (oldKeys, oldDocuments) = (keys, documents)
    let capacity = keys.count + keys.count / 2
    keys = Array(repeating: 0, count: capacity)
    documents = Array(repeating: 0, count: capacity)
    count = 0
    for (key, document) in zip(oldKeys, oldDocuments) where document != 0 { place(document, key) }
  }

  /// The upper part of the product spreads keys evenly over a capacity that is no power of two.
  private func home(of key: UInt32) -> Int {
    Int((UInt64(key) * UInt64(keys.count)) >> 32)
  }
}
