/// The name and shape of one tensor.
public struct TensorShape: Sendable, Equatable {
  public let name: String
  public let shape: [Int]

  public init(_ name: String, _ shape: [Int]) {
    self.name = name
    self.shape = shape
  }

  public var count: Int { shape.reduce(1, *) }
}

/// Where each named tensor of a model lies in one flat allocation.
///
/// Parameters, gradients and optimizer moments of a model all use the same layout, so that the optimizer is one
/// loop over flat buffers and a checkpoint is a walk over this table.
public struct ParameterLayout: Sendable, Equatable {
  public let tensors: [TensorShape]
  /// Offsets in elements, each a multiple of 16 so that every tensor starts at a cache line of float32.
  private let offsets: [String: Int]
  /// Elements in all, padding included.
  public let count: Int

  public init(_ tensors: [TensorShape]) {
    self.tensors = tensors
    var offset = 0
    var offsets: [String: Int] = [:]
    for tensor in tensors {
      precondition(offsets.updateValue(offset, forKey: tensor.name) == nil, "two tensors named \(tensor.name)")
      offset += (tensor.count + 15) / 16 * 16
    }
    self.offsets = offsets
    count = offset
  }

  /// The offset of a tensor of this layout, in elements.
  public func offset(of name: String) -> Int {
    guard let offset = offsets[name] else { preconditionFailure("no tensor named \(name)") }
    return offset
  }

  public func contains(_ name: String) -> Bool { offsets[name] != nil }
}

/// The values of all tensors of a model in one flat buffer.
public struct ParameterBuffer<Scalar: TensorScalar>: Sendable {
  public let layout: ParameterLayout
  public let storage: AlignedBuffer<Scalar>

  /// All zeros.
  public init(_ layout: ParameterLayout) {
    self.layout = layout
    storage = AlignedBuffer(zeros: layout.count)
  }

  /// Only the gaps between tensors are zero: for a caller who fills every tensor.
  public init(uninitialized layout: ParameterLayout) {
    self.layout = layout
    storage = AlignedBuffer(count: layout.count)
    for tensor in layout.tensors {
      let (end, gap) = (layout.offset(of: tensor.name) + tensor.count, (16 - tensor.count % 16) % 16)
      (storage.base + end).initialize(repeating: 0, count: gap)
    }
  }

  /// The tensor of that name, which must exist; the pointer lives as long as ``storage``.
  public func pointer(_ name: String) -> UnsafeMutablePointer<Scalar> { storage.base + layout.offset(of: name) }

  public func values(_ tensor: TensorShape) -> UnsafeMutableBufferPointer<Scalar> {
    UnsafeMutableBufferPointer(start: pointer(tensor.name), count: tensor.count)
  }
}
