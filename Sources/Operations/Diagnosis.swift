/// What every error of this package can say for itself.
///
/// Each library has one error type of its own; all of them carry a ``Diagnosis``, so that the command line
/// can turn any of them into one clear line and an exit code, and the server into a status and a JSON body,
/// each in a single place.
public struct Diagnosis: Sendable, Equatable {
  /// Whose turn it is to act, which decides the exit code and the HTTP status.
  public enum Category: String, Sendable {
    /// The input cannot be understood: a malformed line, an unknown mode, a wrong shape.
    case badInput
    /// Something named does not exist.
    case notFound
    /// The request contradicts what is already there: another model, a duplicate id.
    case conflict
    /// Somebody else holds what is needed; trying again later can help.
    case busy
    /// Stored data is damaged or foreign.
    case damaged
    /// The machine refuses: no space, no permission, no memory.
    case environment
    /// A fault of this program, or an outcome that is a failure by itself.
    case failed
    /// The user asked to stop.
    case interrupted
  }

  public var category: Category
  /// What went wrong, as the start of a sentence without a full stop.
  public var what: String
  /// The file, line, tensor, option or field it concerns.
  public var location: String?
  public var expected: String?
  public var found: String?
  /// What to do next.
  public var hint: String?

  public init(
    _ category: Category, _ what: String, at location: String? = nil, expected: String? = nil,
    found: String? = nil, hint: String? = nil
  ) {
    self.category = category
    self.what = what
    self.location = location
    self.expected = expected
    self.found = found
    self.hint = hint
  }

  /// One line: `location: what: expected …, found … (hint)`; control characters and line breaks are escaped.
  public var line: String {
    var text = location.map { "\($0): " } ?? ""
    text += what
    switch (expected, found) {
    case (let expected?, let found?): text += ": expected \(expected), found \(found)"
    case (let expected?, nil): text += ": expected \(expected)"
    case (nil, let found?): text += ": found \(found)"
    case (nil, nil): break
    }
    if let hint { text += " (\(hint))" }
    return text.singleLine
  }
}

/// An error that carries a ``Diagnosis``.
public protocol DiagnosedError: Error, CustomStringConvertible, Sendable {
  var diagnosis: Diagnosis { get }
}

extension DiagnosedError {
  public var description: String { diagnosis.line }
}

/// The error of this module: files, interruption and other things that every long operation meets.
public struct OperationError: DiagnosedError {
  public let diagnosis: Diagnosis

  public init(_ diagnosis: Diagnosis) {
    self.diagnosis = diagnosis
  }

  /// Thrown by ``Cancellation/check()``.
  public static let interrupted = OperationError(Diagnosis(.interrupted, "interrupted"))
}

extension String {
  /// The text with line breaks, control characters and invisible format characters (such as those that reverse the
  /// direction of reading) escaped, so that hostile input can neither forge log lines nor disguise itself.
  public var singleLine: String {
    var result = ""
    result.reserveCapacity(utf8.count)
    for scalar in unicodeScalars {
      switch scalar {
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case _ where Self.disguising.contains(scalar.properties.generalCategory) && scalar != "\u{200D}":
        result += "\\u{\(String(scalar.value, radix: 16))}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// The zero-width joiner is of these categories too, but holds emoji together.
  private static let disguising: [Unicode.GeneralCategory] = [.control, .format, .lineSeparator, .paragraphSeparator]

  /// The first `limit` characters on one line, with an ellipsis when something was cut: for quoting input in errors.
  public func excerpt(_ limit: Int = 60) -> String {
    let head = prefix(limit)
    return (head.endIndex < endIndex ? head + "…" : head[...]).description.singleLine
  }
}
