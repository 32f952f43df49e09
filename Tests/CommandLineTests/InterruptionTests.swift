import Foundation
import TestSupport
import Testing

@Suite struct InterruptionTests {
  /// Ctrl-C while stories are being imported, and the same command once more.
  @Test func anInterruptedCommandSaysSoAndCanBeGoneOnWith() throws {
    let folder = try TemporaryFolder()
    // Far more than is read before the signal comes.
    let story = String(repeating: "All work and no play. ", count: 500)
    let path = try folder.write(
      (0..<2000).map { "\($0) \(story)" }.joined(separator: "\n<|endoftext|>\n"), to: "in.txt")
    let command = ["dataset", "import", "--input", path, "--output", folder.path("out")]
    let process = try MixerProcess(command)
    // So that it does not finish before this test, one of many at a time, gets to interrupting it.
    process.yieldToOthers()
    var waits = 0
    // The folder it works in says that it has begun.
    while try FileManager.default.contentsOfDirectory(atPath: folder.url.path).count < 2, waits < 5000 {
      usleep(2000)
      waits += 1
    }
    process.interrupt()
    let outcome = try process.wait()
    #expect(outcome.exitStatus == 130)
    #expect(outcome.output.isEmpty)
    #expect(outcome.errors.contains("interrupted"))
    #expect(outcome.errors.dropLast().allSatisfy { $0 != "\n" }, "\(outcome.errors)")
    #expect(!FileManager.default.fileExists(atPath: folder.path("out")))
    let rest = try MixerProcess.run(command)
    #expect(rest.exitStatus == 0 && rest.output.hasPrefix("continued after "), "\(rest.output)")
    #expect(rest.output.contains("2,000 stories in"))
  }
}
