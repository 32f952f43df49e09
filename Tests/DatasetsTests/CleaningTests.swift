import Foundation
import Operations
import Testing

@testable import Datasets

@Suite struct MojibakeTests {
  /// What each character looks like after its UTF-8 was read as Windows-1252 (the unused bytes as C1 controls).
  static func damaged(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for byte in text.utf8 {
      let scalar = (0x80...0x9F).contains(byte) ? Self.upperHalf[Int(byte) - 0x80] : Unicode.Scalar(byte)
      result.append(scalar)
    }
    return String(result)
  }

  static let upperHalf = Array(
    "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8D}Ž\u{8F}\u{90}‘’“”•–—˜™š›œ\u{9D}žŸ".unicodeScalars)

  @Test(arguments: Array("‘’“”–—…é è ü ñ ç ß Ø É à ¡ ¿ « » ° ½ € ™ ā ş ж 😀 中".split(separator: " ").map(String.init)))
  func everyDamagedCharacterIsRepaired(text: String) {
    let damaged = "He said \(Self.damaged(text)), twice: \(Self.damaged(text))"
    #expect(Mojibake.repair(damaged).text == "He said \(text), twice: \(text)")
    #expect(Mojibake.repair(Self.damaged(damaged)).text == "He said \(text), twice: \(text)")
  }

  @Test(arguments: [
    ("â€œLetâ€™s go!â€ said Tom.", "“Let’s go!” said Tom."), ("â€œYesâ€\u{9D} he said", "“Yes” he said"),
    ("â€œYesâ€\u{FFFD} he said", "“Yes” he said"), ("she was happy â€“ now", "she was happy – now"),
    ("onâ€Š/â€Šoff", "on\u{200A}/\u{200A}off"), ("cafÃ©", "café"), ("ends in â€", "ends in ”"),
  ])
  func knownDamage(text: String, expected: String) { #expect(Mojibake.repair(text).text == expected) }

  @Test(arguments: [
    "plain", "café, naïve, Ærø", "âge, forêt, â", "Ã", "NÃO, SÃO PAULO", "“quotes” – and € 5", "İstanbul Åland", "ñ©",
    "Â 5", "ÿ", "日本語", "👩‍👧",
  ])
  func healthyTextStaysAsItIs(text: String) {
    #expect(Mojibake.repair(text).text == text && Mojibake.repair(text).repairs == 0)
  }
}

@Suite struct TextCleanerTests {
  @Test(arguments: [
    ("e\u{301}te\u{301}", "été", [TextCleaner.Repair.normalization]),
    ("a\u{200B}b\u{FEFF}c\u{AD}d\u{7}e", "abcde", [.invisibleCharacters]),
    ("  a\t b\u{A0}\u{2003}c \n\n\n  d \r\n e\r", "a b c\nd\ne", [.whiteSpace]),
    ("“A” ‘b’ it’s", "\"A\" 'b' it's", [.typographicQuotes]),
    ("â€œAâ€ â€˜b", "\"A\" 'b", [.mojibake, .typographicQuotes]), ("👩‍👧 fine.", "👩‍👧 fine.", []),
    ("Clean text.\nTwo lines.", "Clean text.\nTwo lines.", []), ("\u{2028}a\u{85}b", "a\nb", [.whiteSpace]),
    (" \n ", "", [.whiteSpace]),
  ])
  func textIsBroughtIntoOneForm(text: String, expected: String, repairs: [TextCleaner.Repair]) {
    let (cleaned, done) = TextCleaner().clean(text)
    #expect(Array(cleaned.unicodeScalars) == Array(expected.unicodeScalars))
    #expect(done == Set(repairs))
  }

  @Test func cleaningTwiceChangesNothingMore() {
    var generator = SeededGenerator(seed: 5)
    let pieces = [
      "a", " ", "\n", "\t", "â", "€", "œ", "Ã", "©", "’", "e\u{301}", "\u{200B}", "\u{A0}", "\u{FFFD}", "\u{9D}", "😀",
      "\r",
    ]
    for _ in 0..<2000 {
      let text = (0..<12).map { _ in pieces[generator.uniform(below: pieces.count)] }.joined()
      let once = TextCleaner().clean(text).text
      #expect(
        Array(TextCleaner().clean(once).text.unicodeScalars) == Array(once.unicodeScalars), "\(text.debugDescription)")
    }
  }
}

@Suite struct StoryFilterTests {
  let good =
    "Once upon a time there was a little dog. He had a red ball and he liked to play with it in the park. "
    + "One day the ball was gone, and the dog was very sad. Then his friend came back with it. The end."

  @Test func goodStoriesStay() throws { #expect(try StoryFilter().reasonToDrop(good) == nil) }

  @Test func everyReasonIsFound() throws {
    func reason(_ text: String, _ change: (inout StoryFilter) -> Void = { _ in }) throws -> DropReason? {
      var filter = StoryFilter()
      change(&filter)
      return try filter.reasonToDrop(text)?.reason
    }
    #expect(try reason("Too short.") == .tooShort)
    #expect(try reason(good) { $0.maximumTokens = 20 } == .tooLong)
    #expect(try reason(good + " And then they") == .cutOff)
    #expect(try reason(good + " And then they") { $0.dropsCutOff = false } == nil)
    #expect(try reason(good + " \"Bye!\"") == nil)
    #expect(try reason(good + " \u{FFFD}.") == .garbage)
    #expect(try reason(String(repeating: "12 % $ {} [1] ", count: 20) + ".") == .garbage)
    let german =
      "Es war einmal ein kleiner Hund, der hatte einen roten Ball. Eines Tages war der Ball weg, und der Hund "
      + "war sehr traurig. Dann kam sein Freund und brachte ihn zurück. Da freuten sich alle und spielten bis zum Abend im Park."
    #expect(try reason(german) == .otherLanguage)
    #expect(try reason(german) { $0.minimumFunctionWords = 0 } == nil)
    #expect(try reason(String(repeating: "The dog was in the park. ", count: 12)) == .repetitive)
  }
}

@Suite struct NearDuplicateTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  func index(_ threshold: Double) throws -> NearDuplicateIndex {
    try NearDuplicateIndex(threshold: threshold, temporaryFolder: URL(fileURLWithPath: folder.path))
  }

  /// Words without meaning, the same for the same seed.
  func text(_ seed: UInt64, words: Int = 150) -> [String] {
    var generator = SeededGenerator(seed: seed)
    return (0..<words).map { _ in "word\(generator.uniform(below: 3000))" }
  }

  @Test func jaccardIsThatOfTheSets() {
    #expect(Shingles("a b c d").jaccard(Shingles("A, b c: d!")) == 1)
    // abc bcd | abc bcx: 1 of 3.
    #expect(abs(Shingles("a b c d").jaccard(Shingles("a b c x")) - 1.0 / 3) < 1e-12)
    #expect(Shingles("a b c").jaccard(Shingles("x y z")) == 0)
    #expect(Shingles("short").hashes.count == 1)
  }

  /// With t of 148 triples touched by changes: similarity (148 − t) / (148 + t).
  @Test func pairsAboveTheThresholdAreFoundAndOthersAreNot() throws {
    let index = try index(0.7)
    for seed in 0..<100 { try index.insert(index.entry(for: text(UInt64(seed)).joined(separator: " "))) }
    for seed in 0..<100 {
      var close = text(UInt64(seed))
      for position in [10, 60, 110, 140] { close[position] = "changed" }
      let matches = try index.matches(of: index.entry(for: close.joined(separator: " ")))
      #expect(matches.map(\.index) == [seed])
      #expect(abs((matches.first?.similarity ?? 0) - 136.0 / 160) < 1e-9)
      var far = text(UInt64(seed))
      for position in stride(from: 2, to: 150, by: 5) { far[position] = "changed" }
      #expect(try index.matches(of: index.entry(for: far.joined(separator: " "))).isEmpty)
    }
  }

  @Test(arguments: [0.3, 0.5, 0.7, 0.8, 0.9, 1.0]) func theBandsFitTheThreshold(threshold: Double) {
    let minHash = MinHash(threshold: threshold)
    #expect(minHash.bands * minHash.rows <= MinHash.budget)
    #expect(MinHash.detection(threshold, rows: minHash.rows, bands: minHash.bands) >= 0.985)
    // Unrelated stories share some 2 % of their triples: they must seldom become candidates.
    #expect(MinHash.detection(0.02, rows: minHash.rows, bands: minHash.bands) < (threshold < 0.4 ? 0.03 : 0.001))
  }

  @Test func shinglesComeBackFromTheDisk() throws {
    let spill = try ShingleSpill(folder: folder.path)
    let texts = (0..<2500).map { text(UInt64($0), words: 130).joined(separator: " ") }
    for text in texts { try spill.append(Shingles(text)) }
    for number in [0, 1, 1200, 2499] { #expect(try spill.shingles(of: number) == Shingles(texts[number])) }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }

  @Test func bandTablesKeepEveryDocument() {
    var table = BandTable()
    var generator = SeededGenerator(seed: 3)
    let keys = (0..<5000).map { _ in UInt32(generator.uniform(below: 900)) &* 4_000_037 }
    for (document, key) in keys.enumerated() { table.insert(document, key: key) }
    for key in Set(keys) {
      var found: [Int] = []
      table.forEachDocument(with: key) { found.append($0) }
      #expect(found.sorted() == keys.indices.filter { keys[$0] == key })
    }
    for document in 0..<2000 { table.insert(document, key: 7) }
    var found = 0
    table.forEachDocument(with: 7) { _ in found += 1 }
    #expect(found == BandTable.candidateLimit)
  }
}

@Suite struct DatasetCleanerTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Twelve usable stories and some dirt.
  func makeDataset() throws -> String {
    func story(_ number: Int, extra: String = "") -> String {
      var generator = SeededGenerator(seed: UInt64(number))
      let middle = (0..<60).map { _ in "thing\(generator.uniform(below: 500)) and the" }.joined(separator: " ")
      return "Once there was a \(middle) dog. \(extra)The end."
    }
    var lines = (0..<12).map { "{\"_id\":\"s\($0)\",\"text\":\"\(story($0))\"}" }
    lines.append("{\"_id\":\"exact\",\"text\":\"  \(story(3))  \"}")
    lines.append("{\"_id\":\"near\",\"text\":\"\(story(4, extra: "He was glad. "))\"}")
    lines.append("{\"_id\":\"short\",\"text\":\"Too short.\"}")
    lines.append("{\"_id\":\"cut\",\"text\":\"\(story(20)) And then\"}")
    lines.append("{\"_id\":\"mojibake\",\"text\":\"â€œHiâ€ \(story(21))\",\"title\":\"CafÃ©\"}")
    try folder.write(lines.joined(separator: "\n"), to: "d/corpus.jsonl")
    try folder.write(
      "{\"_id\":\"q1\",\"text\":\"one\"}\n{\"_id\":\"q2\",\"text\":\"two\"}\n{\"_id\":\"q3\",\"text\":\"three\"}\n",
      to: "d/queries.jsonl")
    try folder.write("query-id\tcorpus-id\tscore\nq1\ts1\t1\nq2\texact\t1\n", to: "d/qrels/dev.tsv")
    return folder.file("d")
  }

  @Test func dirtIsRepairedOrDroppedAndReported() throws {
    let report = try DatasetCleaner().clean(try makeDataset(), to: folder.file("out"))
    #expect(report.read == 17 && report.kept == 13)
    #expect(report.dropped == [.exactDuplicate: 1, .nearDuplicate: 1, .tooShort: 1, .cutOff: 1])
    #expect(report.repairs == [.mojibake: 1, .typographicQuotes: 1])
    #expect(report.examples[.nearDuplicate]?.first?.id == "near")
    #expect(report.examples[.nearDuplicate]?.first?.detail == "of s4")
    #expect(report.queriesKept == 2 && report.queriesDropped == 1)
    let dataset = try Dataset(folder.file("out"))
    #expect(try dataset.storyIDs().isDisjoint(with: ["exact", "near", "short", "cut"]))
    #expect(try dataset.queries().map(\.id) == ["q1", "q3"])
    #expect(try dataset.split("dev").map(\.id) == ["q1"])
    let log = try folder.text(of: "out/dropped.jsonl").split(separator: "\n")
    #expect(log.count == 4 && log[1].contains("\"duplicate_of\": \"s4\", \"similarity\": 0.9"))
    var texts: [String: StoryRecord] = [:]
    try dataset.stories().forEach { texts[$0.id] = $0 }
    #expect(texts["mojibake"]?.text.hasPrefix("\"Hi\" Once") == true && texts["mojibake"]?.title == "Café")
  }

  @Test func aDryRunReportsTheSameAndWritesNothing() throws {
    let path = try makeDataset()
    let before = try folder.snapshot()
    let dry = try DatasetCleaner().clean(path, to: nil)
    #expect(try folder.snapshot() == before)
    #expect(try DatasetCleaner().clean(path, to: folder.file("out")) == dry)
  }

  @Test func cleaningACleanedDatasetChangesNothing() throws {
    _ = try DatasetCleaner().clean(try makeDataset(), to: folder.file("a"))
    let report = try DatasetCleaner().clean(folder.file("a"), to: folder.file("b"))
    #expect(report.kept == report.read && report.changed == 0)
    #expect(try folder.text(of: "a/corpus.jsonl") == folder.text(of: "b/corpus.jsonl"))
  }

  @Test func anInterruptionLeavesNothingUnderTheName() throws {
    let path = try makeDataset()
    let cancellation = Cancellation()
    var calls = 0
    func stopAfterFive(_: Int, _: Int?) {
      calls += 1
      if calls == 5 { cancellation.request() }
    }
    #expect(throws: DatasetError.self) {
      try DatasetCleaner().clean(path, to: folder.file("out"), cancellation: cancellation, progress: stopAfterFive)
    }
    #expect(try Set(FileManager.default.contentsOfDirectory(atPath: folder.path)) == ["d", ".out.partial"])
    calls = 0
    #expect(throws: OperationError.self) {
      try DatasetCleaner().clean(path, to: nil, cancellation: cancellation, progress: stopAfterFive)
    }
  }

  @Test func droppingEverythingIsAnError() throws {
    let path = try makeDataset()
    var cleaner = DatasetCleaner()
    cleaner.filter.minimumTokens = 100_000
    #expect(
      message { try cleaner.clean(path, to: folder.file("out")) }.contains("would leave no story: found 17 too-short"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["d"])
  }
}
