internal import Tensors

/// Token mixing, `middle = x + W · y + b[:, None]` with y the normalised states, and its backward pass.
extension MixerPass {
  func mixForward(_ index: Int) {
    let block = blocks[index]
    let (width, stride) = (block.width, block.positions)
    for segment in segments {
      let middle = tape.middle(index) + segment.start * width
      let y = scratch.normalized.base + segment.start * width
      let weight = parameters + block.mixingWeight + segment.position * (stride + 1)
      Scalar.addRowBias(
        tape.states(index) + segment.start * width, parameters + block.mixingBias + segment.position, into: middle,
        rows: segment.count, width: width)
      if let rounded {
        rounded.mixForward(index, segment)
      } else if isCausal {
        LinearProduct.mixCausally(
          weight: weight, stride: stride, y, addingTo: middle, positions: segment.count, width: width)
      } else {
        LinearProduct.mix(
          weight: weight, stride: stride, y, addingTo: middle, rows: segment.count, positions: segment.count,
          width: width)
      }
    }
  }

  /// `scratch.gradient`, that of `middle`, is also that of x through the residual path and stays;
  /// `scratch.normalizedGradient` becomes that of y.
  func mixBackward(_ index: Int, _ gradients: UnsafeMutablePointer<Scalar>) {
    let block = blocks[index]
    let (width, stride) = (block.width, block.positions)
    for segment in segments {
      let dx = scratch.gradient.base + segment.start * width
      let y = scratch.normalized.base + segment.start * width
      let dy = scratch.normalizedGradient.base + segment.start * width
      let offset = block.mixingWeight + segment.position * (stride + 1)
      let count = segment.count
      Scalar.addRowSums(dx, to: gradients + block.mixingBias + segment.position, rows: count, width: width)
      if let rounded, let gradients = gradients as? UnsafeMutablePointer<Float> {
        rounded.mixBackward(index, segment, gradients)
      } else if isCausal {
        LinearProduct.addCausalMixingGradient(
          dx, y, to: gradients + offset, stride: stride, positions: count, width: width)
        LinearProduct.causalMixingInputGradient(
          dx, weight: parameters + offset, stride: stride, into: dy, positions: count, width: width)
      } else {
        LinearProduct.addMixingGradient(
          dx, y, to: gradients + offset, stride: stride, rows: count, positions: count, width: width)
        LinearProduct.mixingInputGradient(
          dx, weight: parameters + offset, stride: stride, into: dy, rows: count, positions: count, width: width)
      }
    }
  }

  /// For the last row of each segment only: `middle` has one row a segment.
  func mixLastRowsForward(_ index: Int) {
    let block = blocks[index]
    let (width, stride) = (block.width, block.positions)
    for (number, segment) in segments.enumerated() {
      let row = segment.position + segment.count - 1
      let middle = tape.middle(index) + number * width
      Scalar.addRowBias(
        tape.states(index) + segment.last * width, parameters + block.mixingBias + row, into: middle, rows: 1,
        width: width)
      LinearProduct.mix(
        weight: parameters + block.mixingWeight + row * stride + segment.position, stride: stride,
        scratch.normalized.base + segment.start * width, addingTo: middle, rows: 1, positions: segment.count,
        width: width)
    }
  }

  func mixLastRowsBackward(_ index: Int, _ gradients: UnsafeMutablePointer<Scalar>) {
    let block = blocks[index]
    let (width, stride) = (block.width, block.positions)
    let gradient = scratch.gradient.base
    // From the last segment to the first, because the gradient's rows move to a place at or after their own.
    for (number, segment) in segments.enumerated().reversed() {
      let row = segment.position + segment.count - 1
      let dx = gradient + number * width
      let offset = block.mixingWeight + row * stride + segment.position
      Scalar.addRowSums(dx, to: gradients + block.mixingBias + row, rows: 1, width: width)
      LinearProduct.addMixingGradient(
        dx, scratch.normalized.base + segment.start * width, to: gradients + offset, stride: stride, rows: 1,
        positions: segment.count, width: width)
      LinearProduct.mixingInputGradient(
        dx, weight: parameters + offset, stride: stride, into: scratch.normalizedGradient.base + segment.start * width,
        rows: 1, positions: segment.count, width: width)
      (gradient + segment.last * width).update(from: dx, count: width)
      (gradient + segment.start * width).update(repeating: 0, count: (segment.count - 1) * width)
    }
  }
}
