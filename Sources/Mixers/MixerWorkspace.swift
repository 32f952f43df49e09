internal import Synchronization
internal import Tensors

/// The memory of one worker's forward passes, grown when needed and kept: no allocation in the steady state.
final class MixerWorkspace: Sendable {
  let width: Int
  let rowCapacity: Int
  /// The residual stream, `rowCapacity × width`.
  let states: AlignedBuffer<Float>
  /// Normalised states, `rowCapacity × width`.
  let normalized: AlignedBuffer<Float>
  /// The feed-forward's inner activations, `FeedForward.chunkRows × 4 · width`; they may be in bfloat16.
  let inner: AlignedBuffer<Float>
  /// Where a product reorders its factors.
  let scratch: AlignedBuffer<Float>

  init(width: Int, rowCapacity: Int, positions: Int) {
    self.width = width
    self.rowCapacity = rowCapacity
    states = AlignedBuffer(count: rowCapacity * width)
    normalized = AlignedBuffer(count: rowCapacity * width)
    inner = AlignedBuffer(
      count: ProductImplementation.innerCount(rows: min(rowCapacity, FeedForward.chunkRows), width: 4 * width))
    scratch = AlignedBuffer(
      count: ProductImplementation.scratchCount(rows: rowCapacity, depth: max(4 * width, positions)))
  }
}

/// Lends workspaces to workers and keeps them for the next.
final class WorkspacePool: Sendable {
  private let width: Int
  private let positions: Int
  private let idle = Mutex<[MixerWorkspace]>([])

  /// `positions`: the most that are mixed.
  init(width: Int, positions: Int) {
    self.width = width
    self.positions = positions
  }

  /// Calls `body` with a workspace of at least `rows` rows that nobody else uses meanwhile.
  func withWorkspace<Result>(rows: Int, _ body: (MixerWorkspace) throws -> Result) rethrows -> Result {
    var workspace = idle.withLock { $0.popLast() }
    if let current = workspace, current.rowCapacity < rows { workspace = nil }
    let lent = workspace ?? MixerWorkspace(width: width, rowCapacity: rows, positions: positions)
    defer { idle.withLock { $0.append(lent) } }
    return try body(lent)
  }
}
