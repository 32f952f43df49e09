import Foundation

/// Writing to the two streams: results to standard output, everything else to standard error.
enum Terminal {
  static func standardError(_ line: String) {
    FileHandle.standardError.write(Data((line + "\n").utf8))
  }

  /// The columns to wrap text at.
  static var width: Int {
    var size = winsize()
    guard isatty(STDOUT_FILENO) == 1, ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
      return 100
    }
    return min(120, Int(size.ws_col))
  }

  /// The text as lines of at most `width` columns behind `indent`, at most `limit` of them.
  static func wrap(_ text: String, indent: String, width: Int = Terminal.width, limit: Int) -> String {
    var lines: [String] = []
    var line = ""
    let words = text.split(whereSeparator: \.isWhitespace)
    for word in words {
      if !line.isEmpty, indent.count + line.count + 1 + word.count > width {
        lines.append(line)
        line = ""
      }
      line += line.isEmpty ? String(word) : " " + word
    }
    if !line.isEmpty { lines.append(line) }
    if lines.count > limit {
      lines = Array(lines.prefix(limit))
      lines[limit - 1] += " …"
    }
    // A story is somebody's text: it must not move the cursor or change colours.
    return lines.map { indent + $0.withoutControlCharacters }.joined(separator: "\n")
  }
}

extension String {
  var withoutControlCharacters: String {
    String(String.UnicodeScalarView(unicodeScalars.filter { $0.properties.generalCategory != .control }))
  }
}
