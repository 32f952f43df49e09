internal import Foundation

/// What a measurement took.
public struct Elapsed {
  /// On the clock on the wall.
  public let seconds: Double
  /// Of all cores that this process kept busy: on a machine that others use too, the fairer of the two.
  public let coreSeconds: Double
}

/// Measures from its creation on.
public struct Stopwatch {
  private let start = ContinuousClock.now
  private let coreStart = Self.coreSeconds

  public init() {}

  public var elapsed: Elapsed {
    let duration = (ContinuousClock.now - start).components
    return Elapsed(
      seconds: Double(duration.seconds) + Double(duration.attoseconds) * 1e-18,
      coreSeconds: Self.coreSeconds - coreStart)
  }

  /// What `body` takes.
  public static func measure(_ body: () throws -> Void) rethrows -> Elapsed {
    let start = Stopwatch()
    try body()
    return start.elapsed
  }

  private static var coreSeconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
