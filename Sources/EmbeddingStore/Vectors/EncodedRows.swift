internal import CKernels

/// The rows of a set in the form that its first pass reads.
enum EncodedRows: Sendable {
  /// The rows themselves.
  case float32
  case bfloat16(MemoryBlock<UInt16>)
  /// A value is its row's scale times its code.
  case int8(MemoryBlock<Int8>, scales: FloatBlock)

  init(_ rows: FloatBlock, count: Int, width: Int, precision: ScanPrecision) {
    switch precision {
    case .float32: self = .float32
    case .bfloat16:
      let codes = MemoryBlock<UInt16>(count: rows.count)
      mk_bfloat16_encode(rows.base, codes.base, rows.count)
      self = .bfloat16(codes)
    case .int8:
      let codes = MemoryBlock<Int8>(count: rows.count)
      let scales = FloatBlock(count: count)
      mk_int8_encode(rows.base, codes.base, scales.base, count, width)
      self = .int8(codes, scales: scales)
    }
  }

  var precision: ScanPrecision {
    switch self {
    case .float32: .float32
    case .bfloat16: .bfloat16
    case .int8: .int8
    }
  }

  /// Memory beyond the rows themselves.
  var byteCount: Int {
    switch self {
    case .float32: 0
    case .bfloat16(let codes): codes.byteCount
    case .int8(let codes, let scales): codes.byteCount + scales.byteCount
    }
  }
}
