// Scans of stored vectors in every form, as scan.py asks for them.
//
// ROWS and QUERIES hold float32 values, WIDTH a row. Each line of standard input,
//
//     PRECISION METRIC K THREADS RESCORED FIRST COUNT
//
// is one search: COUNT queries at once from number FIRST on, RESCORED 0 for the default. It is answered by its
// milliseconds, those of processor time, and the rows that were found: 1.25 1.21 7,3,12;5,1,9
import BenchmarkSupport
import EmbeddingStore
import Foundation
import Operations

func scan(rows file: String, queries queryFile: String, width: Int) throws {
  let rows = try vectors(in: file, width: width)
  let queries = try vectors(in: queryFile, width: width)
  try withStore { store in
    try store.createCollection("default", fingerprint: "00", dimension: width)
    for first in stride(from: 0, to: rows.count, by: 1000) {
      try store.upsert(
        (first..<min(first + 1000, rows.count)).map { index in
          let digits = String(index)
          return EmbeddedDocument(
            document: Document(id: String(repeating: "0", count: 8 - digits.count) + digits, text: ""),
            embedding: rows[index])
        }, into: "default")
    }
    var sets: [ScanPrecision: VectorSet] = [:]
    for precision in ScanPrecision.allCases {
      let reader = try SQLiteStore(path: store.path, mode: .readOnly, scanPrecision: precision)
      let time = try seconds { sets[precision] = try reader.vectors(of: "default") }
      guard let set = sets[precision] else { continue }
      answer("\(precision) \(time * 1000) \(set.memoryBytes) \(set.scratchBytes)")
      reader.close()
    }
    answer("ready")
    while let line = readLine() {
      let words = line.split(separator: " ").map(String.init)
      let numbers = words.dropFirst(2).compactMap { Int($0) }
      guard numbers.count == 5, let set = ScanPrecision(rawValue: words[0]).flatMap({ sets[$0] }),
        let metric = VectorMetric(rawValue: words[1])
      else { throw CocoaError(.formatting) }
      let asked = Array(queries[numbers[3]..<numbers[3] + numbers[4]])
      var best: [[(index: Int, score: Float)]] = []
      let time = Stopwatch.measure {
        best = set.top(
          numbers[0], by: metric, toEach: asked, threads: numbers[1], rescored: numbers[2] == 0 ? nil : numbers[2])
      }
      let lists = best.map { $0.map { String($0.index) }.joined(separator: ",") }
      answer("\(time.seconds * 1000) \(time.coreSeconds * 1000) \(lists.joined(separator: ";"))")
    }
  }
}

private func vectors(in file: String, width: Int) throws -> [[Float]] {
  let data = try Data(contentsOf: URL(fileURLWithPath: file))
  let values = data.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
  return stride(from: 0, to: values.count, by: width).map { Array(values[$0..<$0 + width]) }
}

private func answer(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }
