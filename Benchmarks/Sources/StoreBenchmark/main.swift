// Timings of the store: how fast it fills, loads, scans and finds text.
//
//   StoreBenchmark fill CORPUS.jsonl        rows a second, without and with texts
//   StoreBenchmark search DATASET SPLIT     BM25: accuracy@1 and time a query (splits: dev, train)
//   StoreBenchmark scan COUNT WIDTH FILE    writes the vectors to FILE, then answers each line of standard input with
//                                         the milliseconds that one scan took (store.py asks in turn with faiss)
import EmbeddingStore
import Foundation
import Operations

struct Line: Decodable { let _id: String; let text: String }

func lines(_ path: String) throws -> [Line] {
  try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map {
    try JSONDecoder().decode(Line.self, from: Data($0.utf8))
  }
}

func seconds(_ body: () throws -> Void) rethrows -> Double {
  let start = ContinuousClock.now
  try body()
  return (ContinuousClock.now - start).seconds
}

/// Seconds of processor time that this process has used: what is left of a timing on a machine that others use too.
func processorSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

func vectors(_ count: Int, _ width: Int) -> [[Float]] {
  var generator = SeededGenerator(seed: 1)
  return (0..<count).map { _ in (0..<width).map { _ in Float(generator.unitInterval() - 0.5) } }
}

func withStore(_ body: (SQLiteStore) throws -> Void) throws {
  let folder = URL(fileURLWithPath: FileManager.default.currentDirectoryPath).appendingPathComponent(
    ".store-timing-\(getpid())")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  let store = try SQLiteStore(path: folder.appendingPathComponent("store.sqlite").path, mode: .create)
  try body(store)
  store.close()
}

func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

func fill(_ corpus: String) throws {
  let stories = try lines(corpus)
  let width = 512
  let rows = vectors(20_000, width)
  for (label, withText) in [("vectors and ids", false), ("with text", true)] {
    var rates: [Double] = []
    var processorRates: [Double] = []
    for round in 0..<3 {
      try withStore { store in
        try store.createCollection("default", fingerprint: "00", dimension: width)
        let entries = rows.enumerated().map { index, row in
          EmbeddedDocument(
            document: Document(
              id: "s\(index)", text: withText ? stories[index % stories.count].text : ""), embedding: row)
        }
        let processor = processorSeconds()
        let time = try seconds {
          for first in stride(from: 0, to: entries.count, by: 1000) {
            try store.upsert(Array(entries[first..<min(first + 1000, entries.count)]), into: "default")
          }
        }
        rates.append(Double(entries.count) / time)
        processorRates.append(Double(entries.count) / (processorSeconds() - processor))
        if round == 2 {
          let info = try store.info()
          let reader = try SQLiteStore(path: store.path, mode: .readOnly)
          let load = try seconds { _ = try reader.vectors(of: "default") }
          let again = try seconds { _ = try reader.vectors(of: "default") }
          try store.upsert([entries[77]], into: "default")
          let refresh = try seconds { _ = try reader.vectors(of: "default") }
          let check = try seconds { _ = try reader.verify() }
          let closing = seconds { reader.close() }
          print(
            "\(label): file \(info.fileBytes >> 20) MiB, log \(info.logBytes >> 20) MiB; load \(load * 1000) ms, again \(again * 1e6) us, refresh \(refresh * 1000) ms, verify as reader \(check * 1000) ms, close \(closing * 1000)"
          )
          let checkWriter = try seconds { _ = try store.verify() }
          print("verify as writer \(checkWriter * 1000) ms")
        }
      }
    }
    print(
      "\(label): \(rates.map { Int($0) }) rows/s, median \(Int(median(rates))); a processor second: \(processorRates.map { Int($0) })"
    )
  }
}

func search(_ dataset: String, _ split: String) throws {
  let stories = try lines(dataset + "/corpus.jsonl")
  let queries = Dictionary(
    uniqueKeysWithValues: try lines(dataset + "/queries.jsonl").map { ($0._id, $0.text) })
  let pairs = try String(contentsOfFile: "\(dataset)/qrels/\(split).tsv", encoding: .utf8).split(separator: "\n")
    .dropFirst().prefix(1500).map { $0.split(separator: "\t").map(String.init) }
  try withStore { store in
    try store.createCollection("default", fingerprint: "00", dimension: 8)
    let time = try seconds {
      for first in stride(from: 0, to: stories.count, by: 500) {
        try store.upsert(
          stories[first..<min(first + 500, stories.count)].map {
            EmbeddedDocument(document: Document(id: $0._id, text: $0.text), embedding: [Float](repeating: 1, count: 8))
          }, into: "default")
      }
    }
    print("indexed \(stories.count) texts in \(time) s")
    for pass in ["cold", "warm"] {
      var times: [Double] = []
      let processor = processorSeconds()
      var hits = 0
      for pair in pairs {
        var found: [ScoredDocument] = []
        times.append(
          try seconds {
            found = try store.searchText(queries[pair[0]] ?? "", in: "default", limit: 127)
          })
        if found.first?.id == pair[1] { hits += 1 }
      }
      times.sort()
      print("processor \((processorSeconds() - processor) / Double(pairs.count) * 1000) ms a query")
      print(
        "\(split) \(pass): accuracy@1 \(Double(hits) / Double(pairs.count)), p50 \(times[times.count / 2] * 1000) ms, p99 \(times[times.count * 99 / 100] * 1000) ms"
      )
    }
  }
}

func scan(_ count: Int, _ width: Int, _ file: String) throws {
  let rows = vectors(count, width)
  try Data(rows.flatMap { $0 }.withUnsafeBytes { Array($0) }).write(to: URL(fileURLWithPath: file))
  try withStore { store in
    try store.createCollection("default", fingerprint: "00", dimension: width)
    for first in stride(from: 0, to: count, by: 1000) {
      try store.upsert(
        (first..<min(first + 1000, count)).map { index in
          let digits = String(index)
          return EmbeddedDocument(
            document: Document(id: String(repeating: "0", count: 8 - digits.count) + digits, text: ""),
            embedding: rows[index])
        }, into: "default")
    }
    let set = try store.vectors(of: "default")
    FileHandle.standardOutput.write(Data("ready\n".utf8))
    while let line = readLine(), let row = Int(line) {
      var best: [(index: Int, score: Float)] = []
      let time = seconds { best = set.top(127, by: .innerProduct, to: rows[row]) }
      let list = best.map { String($0.index) }.joined(separator: ",")
      FileHandle.standardOutput.write(Data("\(time * 1000) \(list)\n".utf8))
    }
  }
}

/// Writes batches until it is killed or cannot; every tenth round deletes and changes.
func write(_ path: String) throws {
  let store = try SQLiteStore(path: path, mode: .create)
  try store.createCollection("default", fingerprint: "00", dimension: 64)
  for round in 0... {
    let base = (try store.collection("default")?.documents ?? 0) % 5000
    try store.upsert(
      (0..<50).map { index in
        var generator = SeededGenerator(seed: UInt64(base + index))
        return EmbeddedDocument(
          document: Document(id: "s\(base + index)", text: "story \(base + index) of round \(round)"),
          embedding: (0..<64).map { _ in Float(generator.unitInterval()) })
      }, into: "default")
    if round % 10 == 9 { try store.delete((0..<30).map { "s\(base - $0 * 7)" }, from: "default") }
    if round % 100 == 99 { try store.compact() }
  }
}

func check(_ path: String, _ mode: SQLiteStore.Mode) throws {
  let store = try SQLiteStore(path: path, mode: mode)
  let report = try store.verify()
  print(mode, report.documents, report.vectors, report.pages, report.problems.prefix(3))
  if report.documents > 0 {
    let set = try store.vectors(of: "default")
    print("vectors", set.count, "found", try store.searchText("story", in: "default", limit: 3).count)
  }
  store.close()
  if !report.isSound { exit(3) }
}

let arguments = CommandLine.arguments
do {
  switch arguments.dropFirst().first {
  case "fill": try fill(arguments[2])
  case "search": try search(arguments[2], arguments[3])
  case "write": try write(arguments[2])
  case "check": try check(arguments[2], .readWrite)
  case "read": try check(arguments[2], .readOnly)
  case "scan": try scan(Int(arguments[2])!, Int(arguments[3])!, arguments[4])
  default: print("usage: StoreBenchmark fill CORPUS.jsonl | search DATASET SPLIT | scan COUNT WIDTH FILE")
  }
} catch {
  FileHandle.standardError.write(Data("\(error)\n".utf8))
  exit(1)
}
