import Foundation
import Testing

@testable import Datasets

@Suite struct CorpusReaderTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  func stories(_ path: String, _ options: CorpusOptions = CorpusOptions()) throws -> [StoryRecord] {
    let reader = try CorpusReader(path, options: options)
    var result: [StoryRecord] = []
    try reader.forEach { result.append($0) }
    return result
  }

  func diagnosis(_ path: String, _ options: CorpusOptions = CorpusOptions()) -> String {
    do {
      _ = try stories(path, options)
      return "no error"
    } catch {
      return "\(error)"
    }
  }

  @Test func readsJSONLinesWithAllFields() throws {
    let path = try folder.write(
      """
      {"_id": "a", "title": "T", "text": "One.\\nTwo.", "metadata": {"z": 1, "a": {"c": [true, null, 0.1], "b": "/"}}}

      {"text": "Ünïcode 😀", "id": 17}\r
      {"text": "no id", "metadata": null, "title": null}
      """, to: "c.jsonl")
    let read = try stories(path)
    #expect(read.map(\.id) == ["a", "17", StoryIdentifier.contentHash(of: "no id")])
    #expect(read.map(\.text) == ["One.\nTwo.", "Ünïcode 😀", "no id"])
    #expect(read[0].title == "T")
    #expect(read[0].metadata == #"{"a":{"b":"/","c":[true,null,0.1]},"z":1}"#)
    #expect(read[2].metadata == nil && read[2].title.isEmpty)
    #expect(read.map(\.source.line) == [1, 3, 4])
    #expect(read[1].source.description == "\(path):3")
  }

  @Test func metadataNumbersKeepTheirValue() throws {
    let path = try folder.write(
      #"{"text": "x", "metadata": {"big": 9007199254740993, "flag": false, "one": 1, "x": -1.5e-7}}"#, to: "n.jsonl")
    #expect(try stories(path)[0].metadata == #"{"big":9007199254740993,"flag":false,"one":1,"x":-1.5e-07}"#)
  }

  @Test func splitsTextAtSeparatorsOnly() throws {
    let path = try folder.write(
      "\u{FEFF}First <|endoftext| story.\r\nLine.\n<|endoftext|>\n\n  <|endoftext|>\nSecond.<|endoftext|>Third <",
      to: "s.txt")
    let read = try stories(path)
    #expect(read.map(\.text) == ["First <|endoftext| story.\nLine.", "Second.", "Third <"])
    #expect(read.map(\.source.line) == [1, 6, 6])
  }

  @Test func aFileWithoutSeparatorIsOneStory() throws {
    #expect(try stories(folder.write("One.\n\nStill one.\n", to: "one.txt")).map(\.text) == ["One.\n\nStill one."])
  }

  @Test func contentHashIsFixedForEver() {
    // printf 'Once upon a time.\nThe end.' | sha256sum
    #expect(StoryIdentifier.contentHash(of: "\r\n Once upon a time.\r\nThe end.\t") == "32efc6089ddc45c9")
  }

  @Test func mergesExactDuplicatesWithoutIDsAndCountsThem() throws {
    let path = try folder.write("A.<|endoftext|>B.<|endoftext|> A.\n<|endoftext|>\nA.", to: "d.txt")
    let reader = try CorpusReader(path)
    var texts: [String] = []
    try reader.forEach { texts.append($0.text) }
    #expect(texts == ["A.", "B."])
    #expect(reader.counts.duplicatesMerged == 2 && reader.counts.stories == 2)
  }

  @Test func duplicateGivenIDNamesBothLines() throws {
    let path = try folder.write("{\"_id\":\"x\",\"text\":\"a\"}\n\n{\"_id\":\"x\",\"text\":\"b\"}\n", to: "d.jsonl")
    let message = diagnosis(path)
    #expect(message.hasPrefix("\(path):3: duplicate id") && message.contains("\(path):1"))
  }

  @Test func readsAFolderSortedAndRecursively() throws {
    try folder.write("B.", to: "f/b.txt")
    try folder.write("A.", to: "f/a/z.txt")
    try folder.write("{\"text\":\"C.\"}", to: "f/c.jsonl")
    try folder.write("hidden", to: "f/.hidden.txt")
    try folder.write("binary", to: "f/picture.png")
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("f/a/up"), withDestinationPath: folder.file("f"))
    #expect(try stories(folder.file("f")).map(\.text) == ["A.", "B.", "C."])
  }

  @Test func readsOnlyTheCorpusOfADatasetFolder() throws {
    try folder.write("{\"_id\":\"1\",\"text\":\"C.\"}", to: "d/corpus.jsonl")
    try folder.write("{\"_id\":\"q\",\"text\":\"query\"}", to: "d/queries.jsonl")
    #expect(try stories(folder.file("d")).map(\.text) == ["C."])
  }

  @Test func readsCSVWithQuotedFields() throws {
    let path = try folder.write(
      "id,text,title\r\n1,\"He said \"\"no\"\",\nand left.\",T\r\n\r\n,plain,\r\n", to: "c.csv")
    let read = try stories(path)
    #expect(read.map(\.text) == ["He said \"no\",\nand left.", "plain"])
    #expect(read.map(\.id) == ["1", StoryIdentifier.contentHash(of: "plain")])
    #expect(read.map(\.source.line) == [2, 5] && read[0].title == "T")
    #expect(
      try stories(folder.write("story\tid\nTabs, here\t9\n", to: "t.tsv"), options(field: "story")).map(\.id) == ["9"])
  }

  func options(field: String) -> CorpusOptions {
    var options = CorpusOptions()
    options.textField = field
    return options
  }

  @Test(arguments: [
    ("{\"text\":\"a\"}\n{\"text\": oops}\n", ":2: malformed JSON"),
    ("{\"text\":\"a\"}\n[1,2]\n", ":2: malformed JSON: expected one JSON object a line, found another JSON value"),
    ("{\"text\":\"a\"}\n{\"txt\":\"b\"}\n", ":2: the field “text” is missing: found txt"),
    ("{\"text\":\"a\"}\n{\"text\":5}\n", ":2: the field “text” has the wrong type: expected a string"),
    ("{\"text\":\"a\"}\n\n{\"text\":\" \\n\"}\n", ":3: the story is empty"),
    ("{\"text\":\"a\\u0000b\"}\n", ":1: the story holds a NUL character"),
    ("{\"_id\":\"a b\",\"text\":\"a\"}\n", ":1: the id holds white space or a control character: found “a b”"),
    ("{\"_id\":\"a\\u00a0b\",\"text\":\"a\"}\n", ":1: the id holds white space"),
    ("{\"_id\":\"a\\u0007\",\"text\":\"a\"}\n", ":1: the id holds white space or a control character"),
    ("{\"_id\":\"\",\"text\":\"a\"}\n", ":1: the id is empty"),
    ("{\"_id\":1.5,\"text\":\"a\"}\n", ":1: the field “_id” has the wrong type"),
    ("{\"_id\":true,\"text\":\"a\"}\n", ":1: the field “_id” has the wrong type"),
    ("{\"text\":\"a\",\"metadata\":[]}\n", ":1: the field “metadata” has the wrong type: expected an object"),
    ("{\"text\":\"a\"", ":1: malformed JSON"),
    (String(repeating: "[", count: 100_000), ":1: malformed JSON"),
    ("\n\n", "the corpus holds no story"),
    ("", "the corpus holds no story"),
  ])
  func malformedJSONLinesNameTheLine(content: String, expected: String) throws {
    let path = try folder.write(content, to: "bad.jsonl")
    let message = diagnosis(path)
    #expect(message.contains(expected), "\(message)")
    #expect(message.hasPrefix(path) && !message.contains("\n"))
  }

  @Test(arguments: [
    ("a,b\n1,2\n", ":1: no such column"),
    ("", ":1: no such column"),
    ("id,text\n1,\"open\nstill open\n", ":2: a quoted field is never closed"),
    ("id,text\n1,a\n2,b,c\n", ":3: wrong number of fields: expected 2, found 3"),
    ("id,text\n1,\"a\"x\n", ":2: something follows a quoted field"),
    ("id,text\n1,a\"b\"\n", ":2: a quote inside an unquoted field"),
  ])
  func malformedCSVNamesTheLine(content: String, expected: String) throws {
    let message = diagnosis(try folder.write(content, to: "bad.csv"))
    #expect(message.contains(expected), "\(message)")
  }

  @Test func invalidUTF8NamesTheLine() throws {
    var bytes = Data("{\"text\":\"a\"}\n{\"text\":\"".utf8)
    bytes += [0xC3, 0x28]
    bytes += Data("\"}\n".utf8)
    #expect(diagnosis(try folder.write(bytes, to: "u.jsonl")).contains("u.jsonl:2: invalid UTF-8"))
    let text = Data("fine\n<|endoftext|>\nalso\nfine\nbro\u{0}".utf8) + [0xFF, 0x0A]
    #expect(diagnosis(try folder.write(text, to: "u.txt")).contains("u.txt:5: invalid UTF-8"))
  }

  @Test(
    arguments: [
      ([0x1F, 0x8B, 8, 0], "gzip"), (Array("PAR1....".utf8), "Parquet"), (Array("ARROW1..".utf8), "Arrow"),
      ([0xFF, 0xFE, 0x41, 0], "UTF-16"), ([0x50, 0x4B, 3, 4], "ZIP"), ([0x28, 0xB5, 0x2F, 0xFD], "zstd"),
    ] as [([UInt8], String)])
  func foreignFormatsAreNamedWithAWayOut(head: [UInt8], name: String) throws {
    let message = diagnosis(try folder.write(Data(head), to: "foreign.bin"))
    #expect(message.contains(name) && message.contains("is not read ("))
  }

  @Test func missingAndUnreadablePathsAreErrors() throws {
    #expect(diagnosis(folder.file("nowhere")).contains("no such file or folder"))
    #expect(diagnosis("").contains("no such file or folder"))
    try FileManager.default.createDirectory(atPath: folder.file("empty"), withIntermediateDirectories: true)
    #expect(diagnosis(folder.file("empty")).contains("the folder holds no stories"))
    try folder.write("{}", to: "half/queries.jsonl")
    #expect(diagnosis(folder.file("half")).contains("no corpus.jsonl"))
  }

  @Test func storiesBeyondTheLimitAreRefusedAndReadingGoesOn() throws {
    var options = CorpusOptions()
    options.maximumStoryBytes = 1000
    let long = String(repeating: "word ", count: 400_000)
    let path = try folder.write("A.\n<|endoftext|>\n\(long)\n\n<|endoftext|>\nB.", to: "long.txt")
    #expect(diagnosis(path, options).contains("long.txt:2: the story is too long: expected at most 1000 bytes"))
    options.skipInvalid = true
    let reader = try CorpusReader(path, options: options)
    var read: [StoryRecord] = []
    try reader.forEach { read.append($0) }
    #expect(read.map(\.text) == ["A.", "B."] && read[1].source.line == 6)
    #expect(reader.counts.invalidSkipped == 1 && reader.skippedExamples.count == 1)
  }

  @Test func aStoryOfAMegabyteIsFine() throws {
    let long = String(repeating: "A long story. ", count: 80_000)
    #expect(try stories(folder.write("{\"text\": \"\(long)\"}\n", to: "m.jsonl"))[0].text == long)
  }

  @Test func skipInvalidCountsEveryKindOfBadRow() throws {
    var options = CorpusOptions()
    options.skipInvalid = true
    let path = try folder.write(
      """
      {"_id":"1","text":"a"}
      nonsense
      {"_id":"1","text":"again"}
      {"_id":"2"}
      {"_id":"3","text":""}
      {"_id":"4","text":"b"}
      """, to: "mixed.jsonl")
    let reader = try CorpusReader(path, options: options)
    var ids: [String] = []
    try reader.forEach { ids.append($0.id) }
    #expect(ids == ["1", "4"] && reader.counts.invalidSkipped == 4)
    #expect(reader.skippedExamples[0].hasPrefix("\(path):2: malformed JSON"))
  }

  @Test func segmentsDoNotDependOnTheBufferSize() throws {
    var generator = SystemRandomNumberGenerator()
    let pieces = ["a", "<", "|", "<|endoftext|>", "<|endoftext|", "\n", "é", "<|endof<|endoftext|>text|>"]
    for round in 0..<30 {
      let text = (0..<200).map { _ in pieces.randomElement(using: &generator)! }.joined()
      let path = try folder.write(text, to: "b\(round).txt")
      let expected = text.components(separatedBy: "<|endoftext|>")
      for size in [1, 2, 7, 64, 4096] {
        let reader = SegmentReader(
          try ByteSource(path: path, bufferSize: size), delimiter: "<|endoftext|>", limit: 1 << 20)
        var read: [String] = []
        while case .bytes(let bytes, _)? = try reader.next() { read.append(String(decoding: bytes, as: UTF8.self)) }
        if expected.last == "" { read.append("") }
        #expect(read == expected)
      }
    }
  }

  @Test func randomBytesNeverCrashTheReaders() throws {
    var generator = SystemRandomNumberGenerator()
    let alphabet: [UInt8] = Array("{}[]\":,\\\n\r\"text\"_id01 \u{7}".utf8) + [0, 0xC3, 0xFF, 0x80]
    var options = CorpusOptions()
    options.skipInvalid = true
    for round in 0..<200 {
      let bytes = Data((0..<300).map { _ in alphabet.randomElement(using: &generator)! })
      let name = ["r.jsonl", "r.txt", "r.csv"][round % 3]
      _ = try? stories(folder.write(name == "r.csv" ? Data("id,text\n".utf8) + bytes : bytes, to: name), options)
    }
  }
}
