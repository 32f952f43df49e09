public import Checkpoints
internal import Tensors

extension RetrievalMixer {
  /// Writes `model.safetensors` with everything that belongs to the model: the parameters, the fillers unless they are
  /// zeros, the standardisation, the projection.
  ///
  /// - Throws: `OperationError` when the disk refuses; what was there stays as it was.
  public func writeParameters(to folder: ModelFolder) throws {
    var tensors: [(TensorShape, [Float])] = []
    if inputs.fillers.contains(where: { $0 != 0 }) {
      tensors.append((TensorShape("filler_embeddings", [configuration.candidateCount, width]), inputs.fillers))
    }
    if let candidate = inputs.candidateStandardization {
      tensors.append((TensorShape("input_mean", [width]), candidate.mean))
      tensors.append((TensorShape("input_scale", [width]), candidate.scale))
    }
    if let query = inputs.queryStandardization, query != inputs.candidateStandardization {
      tensors.append((TensorShape("query_mean", [width]), query.mean))
      tensors.append((TensorShape("query_scale", [width]), query.scale))
    }
    if let projection {
      let shape = [projection.outputWidth, projection.inputWidth]
      tensors.append((TensorShape("projection.query.weight", shape), projection.query))
      tensors.append((TensorShape("projection.target.weight", shape), projection.target))
    }
    let buffers = tensors.map { tensor in
      let buffer = AlignedBuffer<Float>(count: tensor.1.count)
      buffer.base.update(from: tensor.1, count: tensor.1.count)
      return buffer
    }
    try withExtendedLifetime(buffers) {
      try SafetensorsWriter.write(
        parameters.layout.tensors.map { SafetensorsWriter.Tensor($0, UnsafeBufferPointer(parameters.values($0))) }
          + zip(tensors, buffers).map { SafetensorsWriter.Tensor($0.0, $1.readOnly) }, to: folder.parametersURL)
    }
  }
}
