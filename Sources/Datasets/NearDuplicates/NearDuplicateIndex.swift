public import Foundation

/// Finds earlier texts that are almost the same as a new one: candidates by MinHash and locality-sensitive
/// hashing, each verified by the exact Jaccard similarity of the word triples.
///
/// Memory: 12 bytes a band and text (some 300 bytes a text at the default threshold); the shingles themselves go
/// to a nameless temporary file. A pair exactly at the threshold is found with a probability of at least 0.985, a
/// more similar one almost surely.
public final class NearDuplicateIndex {
  public struct Match: Sendable, Equatable {
    /// The number of the earlier text, in the order of insertion.
    public var index: Int
    /// Jaccard similarity of the word triples.
    public var similarity: Double
  }

  public let threshold: Double
  private let minHash: MinHash
  private var tables: [BandTable]
  private let spill: ShingleSpill

  /// - Parameters:
  ///   - threshold: the least similarity of a near-duplicate, above 0 and at most 1.
  ///   - temporaryFolder: where the temporary file goes.
  /// - Throws: ``OperationError`` when that folder is not writable.
  public init(threshold: Double, temporaryFolder: URL) throws {
    precondition(threshold > 0 && threshold <= 1)
    self.threshold = threshold
    minHash = MinHash(threshold: threshold)
    tables = Array(repeating: BandTable(), count: minHash.bands)
    spill = try ShingleSpill(folder: temporaryFolder.path)
  }

  /// How many texts were inserted.
  public var count: Int { spill.count }

  /// A text made ready for searching and inserting.
  public struct Entry: Sendable {
    let shingles: Shingles
    let keys: [UInt32]
  }

  public func entry(for text: String) -> Entry {
    let shingles = Shingles(text)
    return Entry(shingles: shingles, keys: minHash.bandKeys(of: shingles))
  }

  /// The inserted texts at least as similar as the threshold, in the order of insertion.
  public func matches(of entry: Entry) throws -> [Match] {
    var candidates: Set<Int> = []
    for (table, key) in zip(tables, entry.keys) {
      table.forEachDocument(with: key) { candidates.insert($0) }
    }
    return try candidates.sorted().compactMap { candidate in
      let similarity = try spill.shingles(of: candidate).jaccard(entry.shingles)
      return similarity >= threshold ? Match(index: candidate, similarity: similarity) : nil
    }
  }

  /// Adds a text; its number is ``count`` before the call.
  public func insert(_ entry: Entry) throws {
    let document = count
    try spill.append(entry.shingles)
    for band in tables.indices { tables[band].insert(document, key: entry.keys[band]) }
  }

  /// Adds a text known by the band keys and shingles of its ``Entry``, one after the other.
  func insert(_ values: [UInt32]) throws {
    try insert(
      Entry(
        shingles: Shingles(sorted: Array(values.dropFirst(minHash.bands))), keys: Array(values.prefix(minHash.bands))))
  }
}
