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
    Elapsed(seconds: (ContinuousClock.now - start).inSeconds, coreSeconds: Self.coreSeconds - coreStart)
  }

  private static var coreSeconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}

extension Duration {
  var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
