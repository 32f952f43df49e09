import Foundation

/// Brings a text into one form: repaired, composed (NFC), without invisible characters, with plain white space.
public struct TextCleaner: Sendable {
  /// What was changed in a text.
  public enum Repair: String, Sendable, CaseIterable, Codable, CodingKeyRepresentable {
    case mojibake
    case normalization
    case invisibleCharacters = "invisible-characters"
    case typographicQuotes = "typographic-quotes"
    case whiteSpace = "white-space"
  }

  /// Writes “ ” „ as " and ‘ ’ ‚ as '.
  public var straightensQuotes = true

  public init() {}

  /// The cleaned text and what had to be done for it. Cleaning a cleaned text changes nothing.
  public func clean(_ text: String) -> (text: String, repairs: Set<Repair>) {
    var (text, repairs) = pass(text)
    // A repair can bring together what only now is seen as damage. No pass makes a text longer, so this ends.
    var fresh = repairs
    while !fresh.isEmpty {
      (text, fresh) = pass(text)
      repairs.formUnion(fresh)
    }
    return (text, repairs)
  }

  private func pass(_ text: String) -> (text: String, repairs: Set<Repair>) {
    var repairs: Set<Repair> = []
    func note(_ repair: Repair, _ changed: String, _ original: String) -> String {
      // Scalars, not characters: canonically equivalent texts compare equal as strings.
      if !changed.unicodeScalars.elementsEqual(original.unicodeScalars) { repairs.insert(repair) }
      return changed
    }
    var result = note(.mojibake, Mojibake.repair(text).text, text)
    if !result.utf8.allSatisfy({ $0 < 0x80 }) {
      result = note(.normalization, result.precomposedStringWithCanonicalMapping, result)
      if straightensQuotes { result = note(.typographicQuotes, Self.straightened(result), result) }
    }
    result = note(.invisibleCharacters, Self.withoutInvisibles(result), result)
    result = note(.whiteSpace, Self.withPlainWhiteSpace(result), result)
    return (result, repairs)
  }

  private static func straightened(_ text: String) -> String {
    mapped(text) { scalar in
      switch scalar {
      case "\u{201C}"..."\u{201F}": "\""
      case "\u{2018}"..."\u{201B}": "'"
      default: scalar
      }
    }
  }

  /// Drops control and format characters but those that mean something: line breaks and tabs, and the joiners
  /// that hold emoji and some scripts together.
  private static func withoutInvisibles(_ text: String) -> String {
    mapped(text) { scalar in
      if (0x20...0x7E).contains(scalar.value) || scalar == "\n" || scalar == "\r" || scalar == "\t" { return scalar }
      if scalar.isSpace || scalar == "\u{200C}" || scalar == "\u{200D}" { return scalar }
      return switch scalar.properties.generalCategory {
      case .control, .format, .privateUse, .unassigned: nil
      default: scalar
      }
    }
  }

  /// One space between words, one line break between lines, nothing at the ends of lines or of the text.
  private static func withPlainWhiteSpace(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    var pending: Unicode.Scalar?
    for scalar in text.unicodeScalars {
      if scalar.value > 0x20, scalar.value < 0x7F || !scalar.isSpace {
        if let pending, !result.isEmpty { result.append(pending) }
        pending = nil
        result.append(scalar)
      } else if isLineBreak(scalar) {
        pending = "\n"
      } else if pending == nil {
        pending = " "
      }
    }
    return String(result)
  }

  private static func isLineBreak(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "\n", "\r", "\u{B}", "\u{C}", "\u{85}", "\u{2028}", "\u{2029}": true
    default: false
    }
  }

  private static func mapped(_ text: String, _ transform: (Unicode.Scalar) -> Unicode.Scalar?) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if let scalar = transform(scalar) { result.append(scalar) }
    }
    return String(result)
  }
}
