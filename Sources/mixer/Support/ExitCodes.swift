import ArgumentParser
import Foundation
import Operations

/// The one place where errors become exit codes and what a person reads of them.
enum ExitCodes {
  static let failed: Int32 = 1
  static let badInput: Int32 = 2
  static let interrupted: Int32 = 130

  static func code(for category: Diagnosis.Category) -> Int32 {
    switch category {
    case .badInput, .notFound, .conflict, .busy, .damaged, .environment: badInput
    case .failed: failed
    case .interrupted: interrupted
    }
  }

  /// Prints one line for the error (or the help that was asked for) and ends the process.
  static func exit(because error: any Error) -> Never {
    if let diagnosed = error as? any DiagnosedError {
      complain(diagnosed.diagnosis.line)
      Foundation.exit(code(for: diagnosed.diagnosis.category))
    }
    if let status = error as? ExitCode { Foundation.exit(status.rawValue) }
    let code = Mixer.exitCode(for: error)
    if code == .success {
      print(Mixer.fullMessage(for: error))
      Foundation.exit(0)
    }
    if code == .validationFailure {
      Terminal.standardError(Mixer.fullMessage(for: error))
      Foundation.exit(badInput)
    }
    complain("\(error)".singleLine)
    Foundation.exit(failed)
  }

  private static func complain(_ line: String) {
    Terminal.standardError("mixer: \(line)")
  }
}
