// How fast a store fills, loads, refreshes and checks itself.
import BenchmarkSupport
import EmbeddingStore
import Foundation
import Operations

func vectors(_ count: Int, _ width: Int) -> [[Float]] {
  var generator = SeededGenerator(seed: 1)
  return (0..<count).map { _ in (0..<width).map { _ in Float(generator.unitInterval() - 0.5) } }
}

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
        let time = try Stopwatch.measure {
          for first in stride(from: 0, to: entries.count, by: 1000) {
            try store.upsert(Array(entries[first..<min(first + 1000, entries.count)]), into: "default")
          }
        }
        rates.append(Double(entries.count) / time.seconds)
        processorRates.append(Double(entries.count) / time.coreSeconds)
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
