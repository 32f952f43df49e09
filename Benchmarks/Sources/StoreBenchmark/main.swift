// Timings of the store: how fast it fills, loads, scans and finds text.
//
//   StoreBenchmark fill CORPUS.jsonl        rows a second, without and with texts
//   StoreBenchmark search DATASET SPLIT     BM25: accuracy@1 and time a query (splits: dev, train)
//   StoreBenchmark scan ROWS QUERIES WIDTH  scans, one for each line of standard input (scan.py asks in turn with faiss)
import EmbeddingStore
import Foundation

let arguments = CommandLine.arguments
do {
  switch (arguments.dropFirst().first, arguments.count) {
  case ("fill", 3): try fill(arguments[2])
  case ("search", 4): try search(arguments[2], arguments[3])
  case ("write", 3): try write(arguments[2])
  case ("check", 3): try check(arguments[2], .readWrite)
  case ("read", 3): try check(arguments[2], .readOnly)
  case ("scan", 5): try scan(rows: arguments[2], queries: arguments[3], width: Int(arguments[4]) ?? 0)
  default: print("usage: StoreBenchmark fill CORPUS.jsonl | search DATASET SPLIT | scan ROWS QUERIES WIDTH")
  }
} catch {
  FileHandle.standardError.write(Data("\(error)\n".utf8))
  exit(1)
}
