// BM25: how often its first document is the right one, and in what time.
import BenchmarkSupport
import EmbeddingStore
import Foundation

struct Line: Decodable { let _id: String; let text: String }

func lines(_ path: String) throws -> [Line] {
  try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map {
    try JSONDecoder().decode(Line.self, from: Data($0.utf8))
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
      let processor = Stopwatch()
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
      print("processor \(processor.elapsed.coreSeconds / Double(pairs.count) * 1000) ms a query")
      print(
        "\(split) \(pass): accuracy@1 \(Double(hits) / Double(pairs.count)), p50 \(times[times.count / 2] * 1000) ms, p99 \(times[times.count * 99 / 100] * 1000) ms"
      )
    }
  }
}
