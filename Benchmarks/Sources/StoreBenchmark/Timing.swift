// Seconds, and stores that last as long as a measurement.
import BenchmarkSupport
import EmbeddingStore
import Foundation

func seconds(_ body: () throws -> Void) rethrows -> Double { try Stopwatch.measure(body).seconds }

func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

func withStore(_ body: (SQLiteStore) throws -> Void) throws {
  let folder = URL(fileURLWithPath: FileManager.default.currentDirectoryPath).appendingPathComponent(
    ".store-timing-\(getpid())")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  let store = try SQLiteStore(path: folder.appendingPathComponent("store.sqlite").path, mode: .create)
  try body(store)
  store.close()
}
