public import Mixers
public import Tensors

/// The mean and deviation of embeddings along their width, so that the retrieval mixer sees inputs of like size.
public enum InputStandardization {
  /// Of `rows × width` values. A constant column gets the scale 1.
  public static func measure(_ values: AlignedBuffer<Float>, width: Int) -> RetrievalInputs.Standardization {
    let rows = values.count / width
    var mean = [Double](repeating: 0, count: width)
    var square = [Double](repeating: 0, count: width)
    for row in 0..<rows {
      for column in 0..<width { mean[column] += Double(values.base[row * width + column]) }
    }
    for column in 0..<width { mean[column] /= Double(max(1, rows)) }
    for row in 0..<rows {
      for column in 0..<width {
        let difference = Double(values.base[row * width + column]) - mean[column]
        square[column] += difference * difference
      }
    }
    return RetrievalInputs.Standardization(
      mean: mean.map { Float($0) },
      scale: square.map { value in
        let deviation = (value / Double(max(1, rows))).squareRoot()
        return deviation > 1e-6 ? Float(deviation) : 1
      })
  }

  /// The values standardised; nil leaves them as they are.
  static func apply(
    _ standardization: RetrievalInputs.Standardization?, to values: AlignedBuffer<Float>, width: Int
  ) -> AlignedBuffer<Float> {
    guard let standardization else { return values }
    let result = AlignedBuffer<Float>(count: values.count)
    let (mean, scale) = (standardization.mean, standardization.scale)
    for start in stride(from: 0, to: values.count, by: width) {
      for column in 0..<width {
        result.base[start + column] = (values.base[start + column] - mean[column]) / scale[column]
      }
    }
    return result
  }
}
