import Foundation
import TestSupport
import Testing

@Suite struct MemoryTests {
  /// A reader that kept what it read would need as much memory as the corpus has bytes.
  @Test func importingALargerCorpusNeedsNoMoreMemory() throws {
    let folder = try TemporaryFolder()
    let small = try peakOfImporting(megabytes: 1, in: folder)
    let large = try peakOfImporting(megabytes: 16, in: folder)
    #expect(small > 5_000, "the peak of a process of this size must have been seen")
    #expect(large - small < 6_000)
  }

  /// In kilobytes.
  private func peakOfImporting(megabytes: Int, in folder: TemporaryFolder) throws -> Int {
    let path = folder.path("\(megabytes).txt")
    _ = FileManager.default.createFile(atPath: path, contents: nil)
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    let story = Data(String(repeating: "All work and no play. ", count: 12_000).utf8)
    for number in 0..<megabytes * 4 {
      try file.write(contentsOf: Data("\(number) ".utf8) + story + Data("\n<|endoftext|>\n".utf8))
    }
    try file.close()
    let outcome = try MixerProcess.run([
      "dataset", "import", "--input", path, "--output", folder.path("\(megabytes)"),
    ])
    #expect(outcome.exitStatus == 0, "\(outcome.errors)")
    #expect(outcome.output.hasPrefix("\(megabytes * 4) stories"))
    return outcome.peakKilobytes
  }
}
