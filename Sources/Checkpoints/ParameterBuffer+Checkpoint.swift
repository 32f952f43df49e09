public import Foundation
internal import Operations
public import Tensors

extension ParameterBuffer where Scalar == Float {
  /// Reads every tensor of `layout` from the file. Tensors beyond the layout are left alone.
  ///
  /// - Throws: ``CheckpointError`` naming the tensor that is missing, of another shape, or not finite.
  public init(_ layout: ParameterLayout, from file: SafetensorsFile) throws {
    // All shapes are checked before the memory is taken, whose size only a configuration vouches for.
    let entries = try layout.tensors.map { tensor in
      guard let entry = file.entry(tensor.name) else {
        throw CheckpointError(
          .badInput, "the tensor \(tensor.name) is missing", at: file.path, expected: "shape \(tensor.shape)",
          hint: "is this the model that config.json describes?")
      }
      guard entry.shape == tensor.shape else {
        throw CheckpointError(
          .badInput, "the tensor has another shape than config.json says", at: "\(file.path), tensor \(tensor.name)",
          expected: "\(tensor.shape)", found: "\(entry.shape)")
      }
      return entry
    }
    self.init(uninitialized: layout)
    let buffer = self
    try WorkerPool.forEach(count: entries.count, threads: WorkerPool.defaultThreads) { _, index in
      try file.copyValues(entries[index], to: buffer.pointer(entries[index].name))
    }
  }

  /// Writes every tensor, in the layout's order.
  public func write(to url: URL, metadata: [String: String] = [:]) throws {
    try SafetensorsWriter.write(
      layout.tensors.map { SafetensorsWriter.Tensor($0, UnsafeBufferPointer(values($0))) }, metadata: metadata, to: url)
  }
}
