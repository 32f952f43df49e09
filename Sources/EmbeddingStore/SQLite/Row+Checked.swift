internal import Foundation
internal import GRDB

/// Values of a row as the types they must have. A flipped bit can turn a number into a text or a null; GRDB's own
/// accessors would end the process over it.
extension Row {
  /// - Throws: ``UnexpectedValue``, which becomes a ``StoreError`` of category `damaged`.
  func integer(_ index: Int) throws -> Int64 {
    guard case .int64(let value) = (self[index] as DatabaseValue).storage else { throw UnexpectedValue() }
    return value
  }

  func text(_ index: Int) throws -> String {
    guard case .string(let value) = (self[index] as DatabaseValue).storage else { throw UnexpectedValue() }
    return value
  }

  func optionalText(_ index: Int) throws -> String? {
    let value: DatabaseValue = self[index]
    return value.isNull ? nil : try text(index)
  }

  func data(_ index: Int) throws -> Data {
    guard case .blob(let value) = (self[index] as DatabaseValue).storage else { throw UnexpectedValue() }
    return value
  }

  func real(_ index: Int) throws -> Double {
    guard case .double(let value) = (self[index] as DatabaseValue).storage else { throw UnexpectedValue() }
    return value
  }
}

/// A stored value of an impossible type.
struct UnexpectedValue: Error {}
