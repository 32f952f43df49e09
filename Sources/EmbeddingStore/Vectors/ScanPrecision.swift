/// In which form a collection's vectors are read when they are scanned.
///
/// The results are those of float32 in every form: a first pass over the reduced rows proposes more rows than are
/// asked for, and their scores are computed again from the float32 vectors. What can happen is that a row of the true
/// best is not proposed (``VectorSet/top(_:by:to:threads:rescored:where:)``).
///
/// With a reduced form the float32 vectors move to a scratch file that is mapped into memory and has no name. The
/// system keeps in memory what is in use of it, and gives that up first when memory is short.
///
/// Memory for a million vectors of dimension 512 (for each: its values, 4 bytes for its length, 8 for its place in the
/// store, 16 for an id of up to 15 bytes, and the scale of int8):
///
/// | form | memory | scratch file |
/// |---|---|---|
/// | `float32` | 2,076 MB | |
/// | `bfloat16` | 1,052 MB | 2,048 MB |
/// | `int8` | 544 MB | 2,048 MB |
public enum ScanPrecision: String, Sendable, Codable, CaseIterable {
  /// Four bytes a value. Exact.
  case float32
  /// Two bytes a value, each rounded to 8 significant bits.
  case bfloat16
  /// One byte a value: a vector's largest value is 127 steps.
  case int8

  /// Bytes that are scanned for a vector.
  public func scannedBytes(dimension: Int) -> Int {
    switch self {
    case .float32: dimension * 4
    case .bfloat16: dimension * 2
    case .int8: dimension + 4
    }
  }

  /// How many rows the first pass proposes for `k` results unless the caller says.
  func proposals(for k: Int) -> Int {
    switch self {
    case .float32: k
    case .bfloat16: k + k / 4 + 16
    case .int8: k + k / 2 + 32
    }
  }
}
