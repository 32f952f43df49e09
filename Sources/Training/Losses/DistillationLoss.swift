internal import Tensors

/// Brings embeddings to those that a teacher gives the same texts (Reimers & Gurevych 2020, arXiv 2004.09813), by
/// direction, as only the cosine counts: the mean of `1 − cos(e, t)`.
///
/// A teacher of the student's own width lets the student's cosines be the teacher's, words that the pairs never held
/// included.
struct DistillationLoss<Scalar: GradientScalar> {
  let width: Int

  /// Adds `weight` times the gradient to `gradient`.
  ///
  /// - Parameters:
  ///   - embeddings: texts × D, and so `gradient`.
  ///   - teacher: for each text the teacher's embedding, of length 1; nil for a text that it does not know.
  /// - Returns: the mean over the known texts, 0 where there are none, without the weight.
  func callAsFunction(
    _ embeddings: UnsafePointer<Scalar>, teacher: [UnsafePointer<Scalar>?], weight: Double,
    addingTo gradient: UnsafeMutablePointer<Scalar>
  ) -> Double {
    let known = teacher.count { $0 != nil }
    guard known > 0 else { return 0 }
    let share = Scalar(weight / Double(known))
    var loss = 0.0
    for (text, target) in teacher.enumerated() {
      guard let target else { continue }
      let (row, slope) = (embeddings + text * width, gradient + text * width)
      let length = max(Scalar(Scalar.sumOfSquares(row, count: width)).squareRoot(), 1e-12)
      let cosine = (0..<width).reduce(Scalar(0)) { $0 + row[$1] * target[$1] } / length
      loss += 1 - Double(cosine)
      // d cos / d e = (t − cos · e / |e|) / |e|
      for index in 0..<width { slope[index] -= share * (target[index] - cosine * row[index] / length) / length }
    }
    return loss / Double(known)
  }
}
