public import Operations
public import Tensors

extension MaskedMixer {
  /// How many rows a pack of texts has at most, unless one text alone has more. Larger packs are no faster, and the
  /// workers would end further apart.
  static let packRows = 504

  /// The embedding of each text: the hidden state after the last block at the second-to-last position (paper §4.2).
  ///
  /// Exact structure, and no more work than it needs: padding is never computed, nor the last token, and the last
  /// block runs for one row of each text. Texts are packed by length, so that the matrix products are large; the
  /// result of a text does not depend on its company beyond rounding.
  ///
  /// - Parameters:
  ///   - threads: workers, each on one core.
  ///   - advanced: called from any worker with the number of texts just finished.
  /// - Returns: `texts.count × D`, in the order of `texts`.
  /// - Throws: `OperationError` when cancelled.
  public func embed(
    _ texts: [TokenWindow], threads: Int = WorkerPool.defaultThreads, cancellation: Cancellation? = nil,
    advanced: (@Sendable (Int) -> Void)? = nil
  ) throws -> [Float] {
    let packs = Self.packs(of: texts, threads: threads)
    let output = AlignedBuffer<Float>(count: texts.count * width)
    try WorkerPool.forEach(count: packs.count, threads: threads) { _, index in
      try cancellation?.check()
      embed(packs[index].map { (texts[$0], output.base + $0 * width) })
      advanced?(packs[index].count)
    }
    return output.array()
  }

  /// Indices of the texts, grouped into packs of similar length; the longest first, so that workers end together.
  static func packs(of texts: [TokenWindow], threads: Int) -> [[Int]] {
    let order = texts.indices.sorted { (texts[$0].tokens.count, $1) > (texts[$1].tokens.count, $0) }
    let total = texts.reduce(0) { $0 + $1.tokens.count - 1 }
    // Few texts are spread over the workers, down to packs that still make worthwhile products.
    let budget = min(packRows, max(64, (total + threads - 1) / max(1, threads)))
    var packs: [[Int]] = []
    var rows = budget
    for index in order {
      let count = texts[index].tokens.count - 1
      if rows + count > budget {
        packs.append([])
        rows = 0
      }
      packs[packs.count - 1].append(index)
      rows += count
    }
    return packs
  }

  private func embed(_ pack: [(text: TokenWindow, output: UnsafeMutablePointer<Float>)]) {
    var segments: [Segment] = []
    var rows = 0
    for (text, _) in pack {
      let count = text.tokens.count - 1
      segments.append(Segment(start: rows, count: count, position: configuration.contextLength - text.tokens.count))
      rows += count
    }
    // The last block's rows, one a text, are gathered behind the others; a text has at least one row of its own.
    workspaces.withWorkspace(rows: max(2 * Self.packRows, rows + pack.count)) { workspace in
      let states = workspace.states.base
      for (segment, text) in zip(segments, pack) { lookUp(text.text.tokens.dropLast(), from: segment.start, workspace) }
      for index in blocks.indices.dropLast() {
        normalizeForMixing(index, workspace, rows: rows)
        for segment in segments { mixTokens(index, segment, workspace) }
        feedForwards[index].apply(states: states, rows: rows, workspace: workspace)
      }
      let last = blocks.count - 1
      normalizeForMixing(last, workspace, rows: rows)
      let final = states + rows * width
      for (offset, segment) in segments.enumerated() {
        mixLastToken(last, segment, workspace, into: final + offset * width)
      }
      feedForwards[last].apply(states: final, rows: pack.count, workspace: workspace)
      for (offset, text) in pack.enumerated() { text.output.update(from: final + offset * width, count: width) }
    }
  }
}
