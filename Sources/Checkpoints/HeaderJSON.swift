internal import Foundation
internal import Operations

/// A strict reader of the JSON subset in a safetensors header: objects, arrays, strings and whole numbers.
///
/// Foundation's decoders silently keep one of two equal keys; a header in which a tensor occurs twice must be
/// refused, so it is read here, within fixed limits of depth.
struct HeaderJSON {
  enum Value: Equatable {
    case string(String)
    case integer(Int)
    case array([Value])
    /// In the order of the file, without equal keys.
    case object([(key: String, value: Value)])

    static func == (left: Value, right: Value) -> Bool {
      switch (left, right) {
      case (.string(let a), .string(let b)): a == b
      case (.integer(let a), .integer(let b)): a == b
      case (.array(let a), .array(let b)): a == b
      case (.object(let a), .object(let b)):
        a.count == b.count && zip(a, b).allSatisfy { $0.key == $1.key && $0.value == $1.value }
      default: false
      }
    }
  }

  /// What is wrong, and at which byte of the header.
  struct Fault: Error {
    let what: String
    let offset: Int
  }

  private let bytes: UnsafeBufferPointer<UInt8>
  private var position = 0

  private init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  /// Parses the whole of `bytes`; trailing spaces are allowed.
  static func parse(_ bytes: UnsafeBufferPointer<UInt8>) throws(Fault) -> Value {
    var reader = HeaderJSON(bytes)
    let value = try reader.value(depth: 0)
    reader.skipSpace()
    guard reader.position == bytes.count else { throw reader.fault("text after the header's end") }
    return value
  }

  private func fault(_ what: String) -> Fault { Fault(what: what, offset: position) }

  private mutating func skipSpace() {
    while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) { position += 1 }
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard position < bytes.count, bytes[position] == byte else { return false }
    position += 1
    return true
  }

  private mutating func value(depth: Int) throws(Fault) -> Value {
    guard depth < 8 else { throw fault("nested too deeply") }
    skipSpace()
    guard position < bytes.count else { throw fault("the header ends early") }
    switch bytes[position] {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "0")...UInt8(ascii: "9"): return .integer(try integer())
    default: throw fault("expected an object, an array, a string or a whole number")
    }
  }

  private mutating func object(depth: Int) throws(Fault) -> Value {
    position += 1
    var members: [(key: String, value: Value)] = []
    var names = Set<String>()
    skipSpace()
    if take(UInt8(ascii: "}")) { return .object([]) }
    repeat {
      skipSpace()
      guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else { throw fault("expected a name") }
      let key = try string()
      guard names.insert(key).inserted else { throw fault("the name \"\(key.excerpt())\" occurs twice") }
      skipSpace()
      guard take(UInt8(ascii: ":")) else { throw fault("expected a colon") }
      members.append((key, try value(depth: depth + 1)))
      skipSpace()
    } while take(UInt8(ascii: ","))
    guard take(UInt8(ascii: "}")) else { throw fault("expected the object's end") }
    return .object(members)
  }

  private mutating func array(depth: Int) throws(Fault) -> Value {
    position += 1
    var elements: [Value] = []
    skipSpace()
    if take(UInt8(ascii: "]")) { return .array([]) }
    repeat {
      elements.append(try value(depth: depth + 1))
      skipSpace()
    } while take(UInt8(ascii: ","))
    guard take(UInt8(ascii: "]")) else { throw fault("expected the array's end") }
    return .array(elements)
  }

  private mutating func integer() throws(Fault) -> Int {
    var number = 0
    while position < bytes.count, case let digit = bytes[position], (0x30...0x39).contains(digit) {
      let (product, overflowed) = number.multipliedReportingOverflow(by: 10)
      let (sum, carried) = product.addingReportingOverflow(Int(digit - 0x30))
      guard !overflowed, !carried else { throw fault("the number is too large") }
      number = sum
      position += 1
    }
    return number
  }

  private mutating func string() throws(Fault) -> String {
    let start = position
    position += 1
    var hasEscape = false
    while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
      if bytes[position] == UInt8(ascii: "\\") {
        hasEscape = true
        position += 1
      }
      position += 1
    }
    guard take(UInt8(ascii: "\"")) else { throw fault("the string has no end") }
    let quoted = bytes[start..<position]
    if hasEscape {
      guard let text = try? JSONDecoder().decode(String.self, from: Data(quoted)) else {
        throw fault("the string is malformed")
      }
      return text
    }
    guard let text = String(validating: quoted.dropFirst().dropLast(), as: UTF8.self) else {
      throw fault("the string is not UTF-8")
    }
    return text
  }
}
