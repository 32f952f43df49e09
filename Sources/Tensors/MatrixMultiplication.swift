internal import COpenBLAS

/// A number that the operations of a mixer can be computed with: `Float` in use, `Double` to check gradients.
public protocol TensorScalar: BinaryFloatingPoint, BitwiseCopyable, Sendable {
  /// `c ← alpha · op(a) · op(b) + beta · c` on row-major matrices: c is `rows × columns`, the inner dimension is
  /// `depth`, and each `stride` is the distance between rows of the matrix as stored. Runs on the calling thread.
  static func multiply(
    _ a: UnsafePointer<Self>, transposeA: Bool, strideA: Int,
    _ b: UnsafePointer<Self>, transposeB: Bool, strideB: Int,
    into c: UnsafeMutablePointer<Self>, strideC: Int,
    rows: Int, columns: Int, depth: Int, alpha: Self, beta: Self)
}

/// The seam between this package and a matrix library.
///
/// Threads are ours: several workers each run products on one thread. OpenBLAS's own threads, which are a
/// process-wide setting, are switched off before the first product, so the two never compete for a core.
enum MatrixLibrary {
  private static let singleThreaded: Void = openblas_set_num_threads(1)

  @inline(__always)
  static func prepare() { _ = singleThreaded }
}

extension Float: TensorScalar {
  public static func multiply(
    _ a: UnsafePointer<Float>, transposeA: Bool, strideA: Int,
    _ b: UnsafePointer<Float>, transposeB: Bool, strideB: Int,
    into c: UnsafeMutablePointer<Float>, strideC: Int,
    rows: Int, columns: Int, depth: Int, alpha: Float, beta: Float
  ) {
    guard rows > 0, columns > 0 else { return }
    MatrixLibrary.prepare()
    // One row or one column: the library would still reorder the whole matrix for its product.
    if columns == 1, !transposeA {
      cblas_sgemv(
        CblasRowMajor, CblasNoTrans, Int32(rows), Int32(depth), alpha, a, Int32(strideA), b,
        Int32(transposeB ? 1 : strideB), beta, c, Int32(strideC))
      return
    }
    if rows == 1 {
      cblas_sgemv(
        CblasRowMajor, transposeB ? CblasNoTrans : CblasTrans, Int32(transposeB ? columns : depth),
        Int32(transposeB ? depth : columns), alpha, b, Int32(strideB), a, Int32(transposeA ? strideA : 1), beta, c, 1)
      return
    }
    cblas_sgemm(
      CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans, transposeB ? CblasTrans : CblasNoTrans,
      Int32(rows), Int32(columns), Int32(depth), alpha, a, Int32(strideA), b, Int32(strideB), beta, c, Int32(strideC))
  }
}

extension Double: TensorScalar {
  public static func multiply(
    _ a: UnsafePointer<Double>, transposeA: Bool, strideA: Int,
    _ b: UnsafePointer<Double>, transposeB: Bool, strideB: Int,
    into c: UnsafeMutablePointer<Double>, strideC: Int,
    rows: Int, columns: Int, depth: Int, alpha: Double, beta: Double
  ) {
    guard rows > 0, columns > 0 else { return }
    MatrixLibrary.prepare()
    cblas_dgemm(
      CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans, transposeB ? CblasTrans : CblasNoTrans,
      Int32(rows), Int32(columns), Int32(depth), alpha, a, Int32(strideA), b, Int32(strideB), beta, c, Int32(strideC))
  }
}
