import Foundation
import TestSupport

/// The built `mixer` as a child process: what a person at a terminal gets.
final class MixerProcess {
  struct Outcome {
    /// The exit status, or 128 and the signal that ended the process, as a shell has it.
    var exitStatus: Int32
    var output: String
    var errors: String
    /// The most memory the process ever had resident.
    var peakKilobytes: Int
  }

  private let identifier: pid_t
  private let folder: TemporaryFolder

  /// Runs the command to its end.
  static func run(
    _ arguments: [String], input: String = "", environment: [String: String] = [:]
  ) throws -> Outcome {
    try MixerProcess(arguments, input: input, environment: environment).wait()
  }

  /// Starts the command. Standard input and both outputs are files, so that neither side ever waits for the other.
  ///
  /// - Parameter environment: added to the test's own.
  init(_ arguments: [String], input: String = "", environment: [String: String] = [:]) throws {
    folder = try TemporaryFolder()
    let inputPath = try folder.write(input, to: "input")
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, inputPath, O_RDONLY, 0)
    for (descriptor, name) in [(STDOUT_FILENO, "output"), (STDERR_FILENO, "errors")] {
      posix_spawn_file_actions_addopen(&actions, descriptor, folder.path(name), O_WRONLY | O_CREAT, 0o600)
    }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // Threads of the test may block signals, and a shell's background jobs ignore some: a child inherits both.
    var (none, all) = (sigset_t(), sigset_t())
    sigemptyset(&none)
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

    let binary = try Self.binary()
    let variables = ProcessInfo.processInfo.environment.merging(environment) { $1 }.map { "\($0)=\($1)" }
    var child: pid_t = 0
    let status = withCStrings([binary] + arguments) { arguments in
      withCStrings(variables) { posix_spawn(&child, binary, &actions, &attributes, arguments, $0) }
    }
    guard status == 0 else { throw Failure(description: "\(binary): \(String(cString: strerror(status)))") }
    identifier = child
  }

  /// Gives it the lowest priority.
  func yieldToOthers() { setpriority(__priority_which_t(PRIO_PROCESS.rawValue), id_t(identifier), 19) }

  /// As Ctrl-C does.
  func interrupt() { kill(identifier, SIGINT) }

  /// Waits for the end; to be called once.
  func wait() throws -> Outcome {
    var status: Int32 = 0
    var peak = 0
    // `ru_maxrss` would not do: it starts with the peak of the process that spawned the child, this one's. The
    // child's own peak goes with its memory at its end, so it is read until then; it never falls.
    while true {
      peak = max(peak, residentPeak() ?? 0)
      let ended = waitpid(identifier, &status, WNOHANG)
      if ended == identifier { break }
      guard ended == 0 || errno == EINTR else { throw Failure(description: String(cString: strerror(errno))) }
      usleep(5000)
    }
    let signal = status & 0x7f
    return Outcome(
      exitStatus: signal == 0 ? (status >> 8) & 0xff : 128 + signal,
      output: try String(contentsOfFile: folder.path("output"), encoding: .utf8),
      errors: try String(contentsOfFile: folder.path("errors"), encoding: .utf8), peakKilobytes: peak)
  }

  /// The peak so far in kilobytes, as the kernel has it; nil at the end.
  private func residentPeak() -> Int? {
    guard let status = try? String(contentsOfFile: "/proc/\(identifier)/status", encoding: .utf8),
      let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") })
    else { return nil }
    return line.split(whereSeparator: { !$0.isNumber }).first.flatMap { Int($0) }
  }

  /// SwiftPM puts the binary beside the tests.
  private static func binary() throws -> String {
    let executables = ["/proc/self/exe", CommandLine.arguments[0]].map {
      URL(fileURLWithPath: $0).resolvingSymlinksInPath().deletingLastPathComponent()
    }
    let folders = executables + [Repository.root.appendingPathComponent(".build/debug")]
    let paths = folders.map { $0.appendingPathComponent("mixer").path }
    guard let path = paths.first(where: FileManager.default.isExecutableFile) else {
      throw Failure(description: "the mixer binary is missing: looked for \(paths.joined(separator: ", "))")
    }
    return path
  }

  private struct Failure: Error, CustomStringConvertible {
    var description: String
  }
}

/// Calls `body` with the strings as C has them: an array that ends in nil.
private func withCStrings<Result>(
  _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
) -> Result {
  let pointers = strings.map { strdup($0) }
  defer { for pointer in pointers { free(pointer) } }
  return body(pointers + [nil])
}
