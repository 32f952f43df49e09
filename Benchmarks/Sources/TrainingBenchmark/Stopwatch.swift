internal import Foundation

/// What a measurement took.
struct Elapsed {
  /// On the clock on the wall.
  let seconds: Double
  /// Of all cores that this process kept busy: on a machine that others use too, the fairer of the two.
  let coreSeconds: Double
}

/// Measures from its creation on.
struct Stopwatch {
  private let start = ContinuousClock.now
  private let coreStart = Self.coreSeconds

  var elapsed: Elapsed {
    let duration = (ContinuousClock.now - start).components
    return Elapsed(
      seconds: Double(duration.seconds) + Double(duration.attoseconds) * 1e-18,
      coreSeconds: Self.coreSeconds - coreStart)
  }

  private static var coreSeconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// The most memory that this process has held, in MiB.
  static var peakMemory: Double {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return (line?.split(separator: " ").dropFirst().first.flatMap { Double($0) } ?? 0) / 1024
  }
}
