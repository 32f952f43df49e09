import Checkpoints
import Foundation
import Mixers
import Tensors

/// The values that PyTorch computed (Tests/Golden/generate.py).
enum Golden {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Golden")

  static func model(_ name: String) -> ModelFolder { ModelFolder(root.appendingPathComponent(name)) }

  static func values(_ name: String) throws -> SafetensorsFile {
    try SafetensorsFile(path: root.appendingPathComponent("\(name)/golden.safetensors").path)
  }

  /// A folder of the package's root, such as `Models`.
  static func packageFolder(_ name: String) -> URL {
    root.deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent(name)
  }
}

/// The largest difference, relative to the largest expected magnitude; infinite when a value is not finite.
func relativeError(_ found: [Float], _ expected: [Float]) -> Float {
  precondition(found.count == expected.count, "\(found.count) values instead of \(expected.count)")
  var (worst, scale): (Float, Float) = (0, 0)
  for (a, b) in zip(found, expected) {
    guard a.isFinite, b.isFinite else { return .infinity }
    worst = max(worst, abs(a - b))
    scale = max(scale, abs(b))
  }
  return worst == 0 ? 0 : worst / scale
}

/// The mean of −log softmax(logits)[target] over the targets.
func crossEntropy(_ rows: [(logits: [Float], target: Int)]) -> Float {
  let losses = rows.map { row in
    let largest = Double(row.logits.max() ?? 0)
    return log(row.logits.reduce(0) { $0 + exp(Double($1) - largest) }) + largest - Double(row.logits[row.target])
  }
  return Float(losses.reduce(0, +) / Double(losses.count))
}
