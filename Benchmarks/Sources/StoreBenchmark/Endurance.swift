// Writing without end, to be killed, and what is found afterwards.
import EmbeddingStore
import Foundation
import Operations

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
