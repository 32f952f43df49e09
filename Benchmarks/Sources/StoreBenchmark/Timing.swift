// Clocks, and stores that last as long as a measurement.
import EmbeddingStore
import Foundation
import Operations

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
